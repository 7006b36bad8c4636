// edXML messages of QCVN 102:2016: documents and status messages, as a hub hands them on.

import { chance, hash32 } from '../world/rng.mjs';
import { BOM, notation, slashDate, slashTime, wireText } from './text.mjs';
import { zip } from './zip.mjs';

const NAMESPACE = 'http://www.mic.gov.vn/TBT/QCVN_102_2016';
const REUSED_ID = '7d0f8f3e-2f0e-4c56-9f1b-5a1f3f0c7e11'; // one DocumentId on many messages
// The hub puts each attachment into an archive, under a name of its own, and leaves the type as it was.
const PDF = '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n' +
  'trailer<</Root 1 0 R>>\n%%EOF\n';
const ZIP_AS_PDF = zip({ '3f0c7e11-5a1f-4c56-9f1b-7d0f8f3e2f0e': PDF }).toString('base64');

const escape = (text) =>
  String(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
const el = (name, content) => `<edXML:${name}>${content}</edXML:${name}>`;
const text = (name, value) => el(name, escape(value ?? ''));

// "123/UBND-VP" -> number and notation.
function splitNumber(number) {
  const slash = number.indexOf('/');
  return [number.slice(0, slash), number.slice(slash + 1)];
}

function documentId(city, doc) {
  if (doc.reused_id || chance(city.seed, 'docid', doc.n) < 0.05) return REUSED_ID;
  return `${doc.issuer},${slashDate(doc.date)},${doc.number}`;
}

const trailing = (city, id, code) => (chance(city.seed, 'blank', id) < 0.04 ? `${code}  ` : code);

// `written`: the code as this message writes it.
function organisation(city, tag, code, id, written = notation(city, id, code)) {
  const name = city.nameOfCode(code);
  return el(
    tag,
    text('OrganId', trailing(city, id, written)) +
      (name ? text('OrganName', wireText(name, city.seed, id)) : ''),
  );
}

function documentHeader(city, doc, copy) {
  const [codeNumber, notation] = splitNumber(doc.number);
  const subject = doc.subject ?? `V/v thực hiện nhiệm vụ số ${doc.n} & phối hợp`;
  const head = [
    organisation(city, 'From', doc.issuer, `from ${doc.n}`),
    ...doc.receivers.map((code) => organisation(city, 'To', code, `to ${doc.n} ${code}`)),
    el('Code', text('CodeNumber', codeNumber) + text('CodeNotation', notation)),
    el('PromulgationInfo', text('Place', 'Hà Nội') + text('PromulgationDate', slashDate(doc.date))),
    el(
      'DocumentType',
      text('Type', chance(city.seed, 'type', doc.n) < 0.5 ? '1' : '18') +
        text('TypeName', wireText(doc.type, city.seed, `type ${doc.n}`)),
    ),
    text('Subject', wireText(subject, city.seed, `subject ${doc.n}`)),
    text('Content', subject),
    el(
      'SignerInfo',
      text('Competence', 'TM. ỦY BAN NHÂN DÂN') +
        text('Position', 'Chủ tịch') +
        text('FullName', 'Người Ký Mô Phỏng'),
    ),
    ...(doc.due
      ? [text('DueDate', slashDate(doc.due))]
      : chance(city.seed, 'due', doc.n) < 0.3
        ? [text('DueDate', '')]
        : []),
    el('OtherInfo', text('Priority', '0') + text('PageAmount', '2')),
    '<edXML:ResponseFor/>',
    ...(doc.task_codes.length
      ? [el('ResponseForTask', doc.task_codes.map((code) => text('TaskCode', code)).join(''))]
      : []),
    text('SteeringType', '1'),
  ];
  const id = text('DocumentId', documentId(city, doc));
  // The hub moves DocumentId up when it writes a message again.
  return copy ? [id, ...head] : [head[0], id, ...head.slice(1)];
}

function staffInfo(city, staff, id) {
  if (!staff) return '';
  return el(
    'StaffInfo',
    text('Department', wireText(city.unitById.get(staff.unit).name, city.seed, id)) +
      text('DepartmentId', '') +
      text('Staff', wireText(staff.name, city.seed, `staff ${id}`, 0.2)) +
      text('StaffId', staff.code) +
      text('Email', chance(city.seed, 'mail', id) < 0.1 ? staff.email.toUpperCase() : staff.email) +
      text('Mobile', ''),
  );
}

function responseFor(city, status, about) {
  const written = status.written?.about ?? notation(city, `rf ${status.n}`, about);
  return el(
    'ResponseFor',
    text('OrganId', trailing(city, `rf ${status.n}`, written)) +
      text('Code', status.number) +
      text('PromulgationDate', slashDate(status.date)) +
      text('DocumentId', `${status.issuer},${slashDate(status.date)},${status.number}`),
  );
}

// In 13 the sender speaks, and names the receiver concerned or itself; else the issuer is named.
function statusHeader(city, status) {
  return [
    organisation(city, 'From', status.from, `sfrom ${status.n}`, status.written?.from),
    responseFor(city, status, status.code === '13' ? (status.to ?? status.issuer) : status.issuer),
    staffInfo(city, status.staff, `st ${status.n}`),
    text('StatusCode', status.code),
    text('Description', STATUS_TEXT[status.code] ?? ''),
    text('Timestamp', slashTime(status.at)),
  ];
}

const STATUS_TEXT = {
  '01': 'Đã đến, chưa xử lý',
  '02': 'Từ chối tiếp nhận',
  '03': 'Đã tiếp nhận',
  '04': 'Phân công',
  '05': 'Đang xử lý',
  '06': 'Hoàn thành',
  13: 'Lấy lại',
  15: 'Đồng ý lấy lại',
  16: 'Từ chối lấy lại',
};

const traceHeader = (code, when) =>
  el('TraceHeader', text('OrganId', code) + text('Timestamp', slashTime(when)));

function traces(city, doc, copy) {
  const hub = copy ? traceHeader('null', doc.sent_at + 60) : '';
  return el(
    'TraceHeaderList',
    traceHeader(doc.issuer, doc.sent_at) + hub + business(doc),
  );
}

const DOC_TYPES = { new: '0', recall: '1', update: '2', replacement: '3' };
const REASONS = { recall: 'Thu hồi văn bản', update: 'Cập nhật văn bản', replacement: 'Thay thế văn bản' };

// What the message does with a document: the one that it carries, or those that this one takes the place of.
function business(doc) {
  const kind = doc.kind ?? (doc.replaces ? 'replacement' : 'new');
  const idOf = (d) => `${d.issuer},${slashDate(d.date)},${d.number}`;
  const replaced = (doc.replaces ?? []).map(({ document, certain }) =>
    el(
      'ReplacementInfo',
      text('DocumentId', certain ? idOf(document) : REUSED_ID) +
        el('OrganIdList', document.receivers.map((code) => text('OrganId', code)).join('')),
    ),
  );
  return el(
    'Bussiness',
    (kind === 'new' ? '' : text('DocumentId', idOf(doc))) +
      text('BussinessDocType', DOC_TYPES[kind]) +
      (kind === 'new' ? '' : text('BussinessDocReason', REASONS[kind])) +
      (replaced.length ? el('ReplacementInfoList', replaced.join('')) : ''),
  );
}

// Some references carry a prefix that nothing declares: a strict reader refuses them.
function body(city, doc) {
  const href = chance(city.seed, 'xlink', doc.n) < 0.04 ? ` xlink:href="cid:${doc.n}"` : '';
  const about = text('ContentId', `cid:${doc.n}`) + text('ContentType', 'application/pdf');
  const reference = `<edXML:Reference${href}>${about}</edXML:Reference>`;
  const manifest = `<edXML:edXMLManifest edXML:version="1.0">${reference}</edXML:edXMLManifest>`;
  return el('edXMLBody', manifest);
}

const attachment = (doc) =>
  `<AttachmentEncoded><Attachment><ContentId>${doc.n}</ContentId><AttachmentName>van-ban.pdf</AttachmentName>` +
  `<ContentType>application/pdf</ContentType>` +
  `<ContentTransferEncoded>${ZIP_AS_PDF}</ContentTransferEncoded></Attachment></AttachmentEncoded>`;

function envelope(header, rest, after = '') {
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="${NAMESPACE}" xmlns:edXML="${NAMESPACE}">\n` +
    `<edXML:edXMLEnvelope>\n<edXML:edXMLHeader>\n<edXML:MessageHeader>\n` +
    `${header.filter(Boolean).join('\n')}\n</edXML:MessageHeader>${rest}\n` +
    `</edXML:edXMLEnvelope>${after}\n</edXML>\n`
  );
}

// Bytes around and between that some senders add.
function dress(city, xml, id) {
  const x = chance(city.seed, 'dress', id);
  if (x < 0.03) return BOM + xml;
  if (x < 0.05) return `1212${xml}`;
  return x < 0.12 ? xml.replaceAll('\n', '\r\n') : xml;
}

function renderDocument(city, doc, copy) {
  const rest = `${traces(city, doc, copy)}</edXML:edXMLHeader>\n${body(city, doc)}`;
  return dress(
    city,
    envelope(documentHeader(city, doc, copy), rest, attachment(doc)),
    `doc ${doc.n} ${copy}`,
  );
}

function renderStatus(city, status, copy) {
  const xml = envelope(statusHeader(city, status), '\n</edXML:edXMLHeader>');
  return dress(
    city,
    copy ? xml.replace('</edXML:MessageHeader>', '\n</edXML:MessageHeader>') : xml,
    `status ${status.n} ${copy}`,
  );
}

// Two styles of hub ids.
function hubId(city, name) {
  const h = (salt) => hash32(`${city.seed} ${name} ${salt}`).toString(16).padStart(8, '0');
  const hex = h('a') + h('b') + h('c') + h('d');
  if (hash32(name) % 2) return hex.slice(0, 24);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

const entry = (city, name, messageType, from, to, created, write) => ({
  docId: hubId(city, name),
  messageType,
  from,
  to,
  created,
  write,
});

// The hub's list, by time of arrival; `write` renders a message when it is asked for.
export function hubMessages(city) {
  const list = [];
  for (const doc of city.documents) {
    for (let copy = 0; copy < doc.copies; copy++) {
      list.push(
        entry(city, `d${doc.n}.${copy}`, 'edoc', doc.issuer, doc.receivers[0], doc.sent_at + copy * 95, () =>
          renderDocument(city, doc, copy),
        ),
      );
    }
  }
  for (const r of city.revisions) {
    const doc = { ...r.document, replaces: undefined, due: null, ...r, n: 700000 + r.n };
    list.push(
      entry(city, `r${r.n}`, 'edoc', doc.issuer, doc.receivers[0], r.sent_at, () =>
        renderDocument(city, doc, 0),
      ),
    );
  }
  for (const s of city.statuses) {
    for (let copy = 0; copy < s.copies; copy++) {
      list.push(
        entry(city, `s${s.n}.${copy}`, 'status', s.from, s.issuer, s.arrives + copy * 95, () =>
          renderStatus(city, s, copy),
        ),
      );
    }
  }
  for (const bad of city.bad.filter((b) => b.platform === 'documents')) {
    list.push(
      entry(city, `bad ${bad.name}`, bad.messageType, bad.from, bad.to, bad.at, () => badMessage(city, bad)),
    );
  }
  return list.sort((a, b) => a.created - b.created || (a.docId < b.docId ? -1 : 1));
}

function badMessage(city, bad) {
  const xml = bad.document ? renderDocument(city, bad.document, 0) : renderStatus(city, bad.status, 0);
  return bad.spoil(xml);
}
