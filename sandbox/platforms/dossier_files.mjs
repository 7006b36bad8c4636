// Dossiers as senders push them, kept message by message as files: the provincial bus (dialect
// 2: bare arrays, flags in the address, progress in chunks of 10) and the national adapter
// (dialect 1: an envelope with isUpdating as a text). Each dossier is pushed when it is
// received and once more as it stands now.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dossierRecords } from '../render/dossiers.mjs';
import { ADAPTER_UNIT } from './dossier_adapter.mjs';

const DOSSIERS_PER_PUSH = 25,
  STEPS_PER_PUSH = 10;

const atReceipt = (d) => ({ ...d, TrangThaiHoSo: '2', NgayKetThucXuLy: '', NgayTra: '', DanhSachHoSoBoSung: [] });

function writePushes(folder, records, size, wrap) {
  mkdirSync(folder, { recursive: true });
  let n = 0;
  for (const [list, updating] of records)
    for (let i = 0; i < list.length; i += size) {
      const name = `${String(++n).padStart(6, '0')}.json`;
      writeFileSync(join(folder, name), JSON.stringify(wrap(list.slice(i, i + size), updating)));
    }
}

function writeFolders(city, dir, wrapOf) {
  const { dossiers, steps } = dossierRecords(city);
  const now = dossiers.map((r) => r.record());
  const bad = new Set(city.bad.map((b) => b.record));
  const first = now.filter((d) => !bad.has(d)).map(atReceipt);
  const pushed = [
    [first, false],
    [now, true],
  ];
  writePushes(join(dir, 'dongbo'), pushed, DOSSIERS_PER_PUSH, wrapOf('DongBoHoSoMC'));
  const rows = [[steps.map((r) => r.record()), false]];
  writePushes(join(dir, 'tiendo'), rows, STEPS_PER_PUSH, wrapOf('CapNhatTienDoHoSoMC'));
}

export const busFiles = (city, dir) => writeFolders(city, dir, () => (rows) => rows);

export const adapterFiles = (city, dir) =>
  writeFolders(city, dir, (service) => (data, updating) => ({
    session: 'phien-da-het-han',
    madonvi: ADAPTER_UNIT,
    service,
    isUpdating: updating ? 'True' : 'False',
    data,
  }));
