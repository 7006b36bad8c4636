// logcheck: checks a log with programs that are not ours, Go's sumdb/note and sumdb/tlog.
//
//	logcheck log VKEY PLACE [OLD-CHECKPOINT]   tiles, entries and head below a folder or URL
//	logcheck cosigned VKEY WITNESS-VKEY FILE   the checkpoint is signed by the log and cosigned by the witness
//	logcheck lines FILE                        one claim a line, answered with ok or bad
//
// Exit 0: everything holds. 1: something does not, named on stderr.
package main

import (
	"bufio"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	var err error
	switch args := os.Args[1:]; {
	case len(args) >= 3 && args[0] == "log":
		err = checkLog(args[1], args[2], args[3:])
	case len(args) == 4 && args[0] == "cosigned":
		var text []byte
		if text, err = os.ReadFile(args[3]); err == nil {
			err = checkCosigned(args[1], args[2], text)
		}
	case len(args) == 2 && args[0] == "lines":
		err = answerLines(args[1])
	default:
		err = errors.New("usage: logcheck log VKEY PLACE [OLD-CHECKPOINT] | logcheck cosigned VKEY WITNESS-VKEY FILE | logcheck lines FILE")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "logcheck:", err)
		os.Exit(1)
	}
}

// --- heads

func openHead(vkey string, text []byte) (tlog.Tree, error) {
	var tree tlog.Tree
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tree, err
	}
	opened, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifier.Name() {
		return tree, errors.New("the body is not origin, size and root of this log")
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

// --- the log as files

type place string

func (p place) get(name string) ([]byte, error) {
	where := strings.TrimSuffix(string(p), "/") + "/" + name
	if !strings.HasPrefix(where, "http") {
		return os.ReadFile(where)
	}
	answer, err := http.Get(where)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != 200 {
		return nil, fmt.Errorf("%s: %s", where, answer.Status)
	}
	return io.ReadAll(answer.Body)
}

// The tile reader of sumdb over the paths of C2SP, which leave the height out.
func (p place) Height() int                             { return 8 }
func (p place) SaveTiles(tiles []tlog.Tile, _ [][]byte) {}
func (p place) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := p.get(strings.Replace(tile.Path(), "tile/8/", "tile/", 1))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (p place) entries(n, width int64) ([][]byte, error) {
	tile := tlog.Tile{H: 8, L: 0, N: n, W: int(width)}
	data, err := p.get(strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1))
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(data[0])<<8+int(data[1]) {
			return nil, errors.New("a cut entry bundle")
		}
		end := 2 + int(data[0])<<8 + int(data[1])
		entries = append(entries, data[2:end])
		data = data[end:]
	}
	if int64(len(entries)) != width {
		return nil, errors.New("an entry bundle of another width")
	}
	return entries, nil
}

func checkLog(vkey, where string, old []string) error {
	files := place(where)
	text, err := files.get("checkpoint")
	if err != nil {
		return err
	}
	head, err := openHead(vkey, text)
	if err != nil {
		return err
	}
	tiles := tlog.TileHashReader(head, files) // every tile it reads is proven against the root
	if root, err := tlog.TreeHash(head.N, tiles); err != nil || root != head.Hash {
		return fmt.Errorf("the tiles do not give the root: %v", err)
	}
	if err := checkEntries(files, head, tiles); err != nil {
		return err
	}
	for _, file := range old {
		if err := checkGrowth(vkey, file, head, tiles); err != nil {
			return err
		}
	}
	fmt.Println(head.N, "leaves")
	return nil
}

func checkEntries(files place, head tlog.Tree, tiles tlog.HashReader) error {
	for first := int64(0); first < head.N; first += 256 {
		width := head.N - first
		if width > 256 {
			width = 256
		}
		entries, err := files.entries(first/256, width)
		if err != nil {
			return err
		}
		for i, entry := range entries {
			index := first + int64(i)
			proof, err := tlog.ProveRecord(head.N, index, tiles)
			if err != nil {
				return err
			}
			if err := tlog.CheckRecord(proof, head.N, head.Hash, index, tlog.RecordHash(entry)); err != nil {
				return fmt.Errorf("leaf %d: %w", index, err)
			}
		}
	}
	return nil
}

func checkGrowth(vkey, file string, head tlog.Tree, tiles tlog.HashReader) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	old, err := openHead(vkey, text)
	if err != nil {
		return err
	}
	proof, err := tlog.ProveTree(head.N, old.N, tiles)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, head.N, head.Hash, old.N, old.Hash)
}

// --- witnesses

// c2sp.org/tlog-cosignature, type 0x04, for note.Open.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	time := binary.BigEndian.Uint64(signature)
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", time, text)
	return time < 1<<63 && ed25519.Verify(c.key, []byte(message), signature[8:])
}

func newCosigner(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("not a verifier key")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != 4 {
		return nil, errors.New("not a cosigner's key")
	}
	digest := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	hash := binary.BigEndian.Uint32(digest[:])
	if fmt.Sprintf("%08x", hash) != parts[1] {
		return nil, errors.New("the key id is another one")
	}
	return cosigner{parts[0], hash, key[1:]}, nil
}

func checkCosigned(vkey, witness string, text []byte) error {
	if _, err := openHead(vkey, text); err != nil {
		return err
	}
	verifier, err := newCosigner(witness)
	if err != nil {
		return err
	}
	_, err = note.Open(text, note.VerifierList(verifier))
	return err
}

// --- claims

// "inclusion INDEX SIZE LEAF ROOT HASH,HASH...", "consistency OLD SIZE OLDROOT ROOT HASH,HASH...",
// "tlogproof VKEY LEAF TEXT", "cosigned VKEY WITNESS-VKEY NOTE": hashes and texts in base64.
func answerLines(file string) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if checkLine(strings.Split(lines.Text(), " ")) == nil {
			fmt.Println("ok")
		} else {
			fmt.Println("bad")
		}
	}
	return lines.Err()
}

func checkLine(fields []string) error {
	if fields[0] == "tlogproof" {
		return checkProofText(fields[1], fields[2], fields[3])
	}
	if fields[0] == "cosigned" {
		text, err := base64.StdEncoding.DecodeString(fields[3])
		if err != nil {
			return err
		}
		return checkCosigned(fields[1], fields[2], text)
	}
	a, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return err
	}
	size, err := strconv.ParseInt(fields[2], 10, 64)
	if err != nil {
		return err
	}
	first, err := tlog.ParseHash(fields[3])
	if err != nil {
		return err
	}
	root, err := tlog.ParseHash(fields[4])
	if err != nil {
		return err
	}
	var texts []string
	if fields[5] != "" {
		texts = strings.Split(fields[5], ",")
	}
	proof, err := parseHashes(texts)
	if err != nil {
		return err
	}
	if fields[0] == "inclusion" {
		return tlog.CheckRecord(proof, size, root, a, first)
	}
	return tlog.CheckTree(tlog.TreeProof(proof), size, root, a, first)
}

func parseHashes(texts []string) (tlog.RecordProof, error) {
	proof := tlog.RecordProof{}
	for _, text := range texts {
		hash, err := tlog.ParseHash(text)
		if err != nil {
			return nil, err
		}
		proof = append(proof, hash)
	}
	return proof, nil
}

// c2sp.org/tlog-proof@v1 without extra data.
func checkProofText(vkey, leaf, encoded string) error {
	text, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return err
	}
	upper, checkpoint, found := strings.Cut(string(text), "\n\n")
	lines := strings.Split(upper, "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		return errors.New("not a tlog-proof")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return err
	}
	head, err := openHead(vkey, []byte(checkpoint))
	if err != nil {
		return err
	}
	hash, err := tlog.ParseHash(leaf)
	if err != nil {
		return err
	}
	proof, err := parseHashes(lines[2:])
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, head.N, head.Hash, index, hash)
}
