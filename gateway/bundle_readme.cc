// The README of bundle@1, and what that of bundle@2 says otherwise. A bundle with another text is refused:
// whoever could write one could tell an auditor to run something else. A new text is a new schema of the bundle.
#include <cstdlib>

#include "gateway/bundle.h"

namespace mc {

namespace {

constexpr std::string_view kText = R"README(# Gói chứng minh / Proof bundle (minhchung/bundle@1)

Gói này để kiểm tra **ngoài mạng, bằng công cụ không do chúng tôi viết**. Tệp nào, nghĩa gì: cuối trang.

    minhchung verify FILE.zip --key "KHÓA CÔNG KHAI CỦA NHẬT KÝ"

Hãy lấy khóa công khai từ nơi nhật ký công bố, **đừng lấy từ gói này**: ai làm giả gói thì cũng làm giả được khóa
bên trong.

This bundle is for checking **offline, with tools that we did not write**. Take the log's public key from where the
log publishes it, **not from this bundle**: whoever forges a bundle can forge the key inside it.

## 1. SHA-256, bằng Python / with Python

Giải nén vào một thư mục trống, chạy trong thư mục đó. / Unpack into an empty folder and run this inside it.

```python
import base64, hashlib, json, pathlib, sys

def sha(data): return hashlib.sha256(data).digest()
def demand(good, what):
    if not good: sys.exit("FAULT: " + what)

def root_of(index, size, leaf_hash, path):  # RFC 9162, 2.1.3.2
    fn, sn, r = index, size - 1, leaf_hash
    demand(0 <= index < size, "index outside of the tree")
    for p in path:
        demand(sn > 0, "proof too long")
        if fn & 1 or fn == sn:
            r = sha(b"\x01" + p + r)
            while fn and not fn & 1: fn, sn = fn >> 1, sn >> 1
        else:
            r = sha(b"\x01" + r + p)
        fn, sn = fn >> 1, sn >> 1
    demand(sn == 0, "proof too short")
    return r

here = pathlib.Path(".")
manifest = json.loads((here / "manifest.json").read_bytes())
found = {str(f.relative_to(here)) for f in here.rglob("*") if f.is_file()} - {"manifest.json"}
demand(found == set(manifest["files"]), "files are missing, or there are others than manifest.json lists")
for name, digest in manifest["files"].items():
    demand(sha((here / name).read_bytes()).hex() == digest, name)

note = (here / "checkpoint").read_text("utf-8")
origin, size, root = note.split("\n")[:3]
size, root = int(size), base64.b64decode(root)
leaves = set()
for file in sorted((here / "leaves").glob("*.leaf"), key=lambda f: int(f.stem)):
    leaf, salt, obj = (file.with_suffix("." + part).read_bytes() for part in ("leaf", "salt", "object"))
    demand(json.loads(leaf)["commitment"] == sha(salt + obj).hex(), f"{file}: salt and object")
    record = json.loads(obj).get("record")
    if record:
        payload = (here / "payloads" / record["payload_digest"]).read_bytes()
        demand(sha(payload).hex() == record["payload_digest"], f"{file}: payload")
    head, signed = file.with_suffix(".tlog-proof").read_text("utf-8").split("\n\n", 1)
    version, index, *path = head.split("\n")
    demand(version == "c2sp.org/tlog-proof@v1", f"{file}: proof")
    demand(index == "index " + file.stem and signed == note, f"{file}: proof")
    path = [base64.b64decode(p) for p in path]
    demand(root_of(int(file.stem), size, sha(b"\x00" + leaf), path) == root, f"{file}: not under the signed root")
    leaves.add(int(file.stem))
print(f"{len(leaves)} leaves: payload -> object -> commitment -> leaf -> root of {size} leaves of {origin}")

if manifest["subject"]["kind"] == "score":
    subject = manifest["subject"]
    names = ("list.json", "list.salt", "case.json", "score.json", "policy.json", "catalogue.json")
    text = {n: (here / n).read_bytes() for n in names}
    index = json.loads((here / "leaves" / f"{subject['index_leaf']}.object").read_bytes())
    listed, proof = json.loads(text["list.json"]), json.loads((here / "index-proof.json").read_bytes())
    entry = bytes.fromhex(proof["pseudonym"]) + sha(text["list.salt"] + text["list.json"])
    path = [bytes.fromhex(p) for p in proof["hashes"]]
    top = root_of(proof["position"], index["entries"], sha(b"\x00" + entry), path)
    demand(top.hex() == index["root"], "the list is not in the period's index")
    demand(listed["person"] == subject["person"], "person")
    demand(listed["period"] == subject["period"] == index["period"], "period")
    for part in ("case", "score"): demand(sha(text[part + ".json"]).hex() == listed[part], part)
    for part in ("policy", "catalogue"): demand(sha(text[part + ".json"]).hex() == index[part], part)
    case = json.loads(text["case.json"])
    used = {n for part in case["lines"] + case["beside"] for n in part["leaves"]} | set(case["context"])
    demand(used == set(listed["leaves"]), "the score used other leaves than its list")
    demand(used == leaves - {subject["index_leaf"]}, "other leaves than those of the list")
    print(f"score of {subject['person']}, {subject['period']}: used exactly the {len(used)} leaves of its list")
    print("NOT shown by this bundle alone: that the lists leave nothing out (minhchung fsck --index)")
```

## 2. Chữ ký, bằng openssl / The signature, with openssl

`KEY` là khóa công khai do nhật ký công bố. / `KEY` is the public key that the log publishes.

```sh
printf '\060\052\060\005\006\003\053\145\160\003\041\000' > key.der
printf %s "$KEY" | cut -d+ -f3- | base64 -d | tail -c 32 >> key.der
head -n 3 checkpoint > body
grep -F -- "— $(head -n 1 checkpoint) " checkpoint | cut -d' ' -f3 | while read -r line; do
  id=$(printf %s "$line" | base64 -d | head -c 4 | od -An -tx1 | tr -d ' \n')
  [ "$id" != "$(printf %s "$KEY" | cut -d+ -f2)" ] || printf %s "$line" | base64 -d | tail -c 64 > signature
done
openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in body -sigfile signature
```

## 3. Gói chứng minh điều gì, không chứng minh điều gì / What is shown, and what is not

Minh chứng: byte gốc, xuất xứ và thời điểm ghi nhận đúng như nhật ký đã ký. Không nói rằng hệ thống nguồn đã nói thật.

Phiếu điểm, hai bước khác nhau:
1. phiếu điểm dùng **đúng** danh sách lá đã cam kết cho người này trong kỳ, và số học đúng. Gói này chứng minh điều đó.
2. các danh sách không bỏ sót gì. **Riêng gói này không chứng minh được**; `minhchung fsck --index` trên kho chứng minh.

Evidence: the raw bytes, where they came from and when they were recorded are those of the signed log. It does not say
that the source system told the truth. A score, in two separate steps: (1) it used **exactly** the list of leaves
committed for this person and period, and its arithmetic is right: shown here. (2) The lists leave nothing out: **not
shown by this bundle alone**, but by `minhchung fsck --index` on the store.

## 4. Tệp / Files

| Tệp / File | |
|---|---|
| `manifest.json` | mọi tệp khác với SHA-256 / every other file with its SHA-256 |
| `checkpoint` | đầu nhật ký đã ký (C2SP tlog-checkpoint) / the signed head of the log |
| `leaves/N.leaf`, `.salt`, `.object` | lá số N; SHA-256(salt, object) là cam kết / leaf N and what it commits to |
| `leaves/N.tlog-proof` | đường dẫn từ lá đến đầu nhật ký / the leaf's place under the head (C2SP tlog-proof) |
| `payloads/<SHA-256>` | byte gốc như đã nhận, quá dài thì là bản tóm tắt / raw bytes as received, or their stub |
| `case.json`, `score.json` | số liệu vào và phiếu điểm / inputs of the score, and its card |
| `policy.json`, `catalogue.json` | chính sách, danh mục đã dùng / the policy and catalogue used |
| `list.json`, `list.salt` | danh sách lá của người này / the list of this person's leaves |
| `index-proof.json` | chỗ của danh sách trong chỉ mục kỳ / the list's place in the period's index |
)README";

struct Otherwise {
  std::string_view before, after;
};

// Where leaves were erased.
constexpr Otherwise kWithErasures[] = {
    {"(minhchung/bundle@1)", "(minhchung/bundle@2)"},
    {R"(leaves = set()
for file)",
     R"(erased = {}
for m in manifest["erasures"]:
    demand(json.loads((here / "leaves" / f"{m}.leaf").read_bytes())["kind"] == "erasure", f"leaf {m}: no erasure")
    for n in json.loads((here / "leaves" / f"{m}.object").read_bytes())["leaves"]: erased[n] = m
leaves = set()
for file)"},
    {R"(    leaf, salt, obj = (file.with_suffix("." + part).read_bytes() for part in ("leaf", "salt", "object"))
    demand(json.loads(leaf)["commitment"] == sha(salt + obj).hex(), f"{file}: salt and object")
    record = json.loads(obj).get("record")
)",
     R"(    leaf, record = file.read_bytes(), None
    if int(file.stem) not in erased:
        salt, obj = (file.with_suffix("." + part).read_bytes() for part in ("salt", "object"))
        demand(json.loads(leaf)["commitment"] == sha(salt + obj).hex(), f"{file}: salt and object")
        record = json.loads(obj).get("record")
)"},
    {R"(of {origin}")
)",
     R"(of {origin}")
for n in sorted(leaves & set(erased)):
    print(f"leaf {n}: in the log, and ERASED as leaf {erased[n]} says: what it committed to can no longer be opened")
)"},
    {R"(    demand(used == leaves - {subject["index_leaf"]}, "other leaves than those of the list")
)",
     R"(    own = {subject["index_leaf"], *manifest["erasures"]}
    demand(used == leaves - own, "other leaves than those of the list")
)"},
    {R"(## 4. Tệp / Files
)",
     R"(**Trong gói này có lá đã xóa**: dữ liệu gốc và muối của chúng đã bị xóa theo quy định, một lá loại `erasure`
ghi lại việc đó. Chỗ của lá trong nhật ký vẫn chứng minh được, nội dung thì không. Số học của phiếu điểm vẫn kiểm
được trọn vẹn.

**Some leaves of this bundle were erased**: their payload and salt are gone, and a leaf of kind `erasure` says so. Their
place in the log is still shown, what they said is not. The arithmetic of a score is still checked whole.

## 4. Tệp / Files
)"},
    {"| `leaves/N.tlog-proof` |",
     R"(| `leaves/M.*` (`erasures`) | lá ghi việc xóa; lá bị xóa chỉ còn `.leaf` / says which have only `.leaf` left |
| `leaves/N.tlog-proof` |)"},
};

std::string MadeOtherwise() {
  std::string text(kText);
  for (const Otherwise& part : kWithErasures) {
    const auto at = text.find(part.before);
    if (at == std::string::npos) std::abort();  // the text above was changed and this table was not
    text.replace(at, part.before.size(), part.after);
  }
  return text;
}

}  // namespace

std::string_view BundleReadme(bool with_erasures) {
  static const std::string made = MadeOtherwise();
  return with_erasures ? std::string_view(made) : kText;
}

}  // namespace mc
