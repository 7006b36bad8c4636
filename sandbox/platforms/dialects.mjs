// Which wire shapes one register can speak here: register's default manifest -> dialect ->
// {manifest id, the platform's server, the names of its secrets}. `scripts/make-config.mjs`
// writes the secrets under these names; "" stands for the one that city.json holds. `units`: the
// codes to ask for, `byUnit`: all that have reports. `files`: there is no server, it writes a folder.

import { citizenReportsPlatform } from './citizen_reports.mjs';
import { documentsPlatform } from './documents.mjs';
import { ADAPTER_CODE, ADAPTER_UNIT, dossierAdapterPlatform } from './dossier_adapter.mjs';
import { adapterFiles, busFiles } from './dossier_files.mjs';
import { dropFiles } from './files.mjs';
import { dossiers2025Platform } from './dossiers_2025.mjs';
import { hanoiworkPlatform } from './hanoiwork.mjs';
import { lgspDocumentsPlatform } from './lgsp_documents.mjs';
import { open311Platform } from './open311.mjs';
import { p3ReportsPlatform } from './p3_reports.mjs';
import { publicServicePlatform } from './public_service.mjs';
import { satisfactionPlatform } from './satisfaction.mjs';
import { taskSheet, taskWorkbook } from '../render/task_sheet.mjs';
import { vxpPlatform } from './vxp.mjs';

export const DIALECTS = {
  documents: {
    hub: { id: 'documents', make: documentsPlatform, secrets: { secret_key: '' } },
    vxp: { id: 'documents_vxp', make: vxpPlatform, secrets: { secret: '', system_id: 'H26.MC' } },
    lgsp: {
      id: 'documents_lgsp',
      make: lgspDocumentsPlatform,
      secrets: { username: 'minhchung', password: '', system_id: 'H26.MC', secret_key: '' },
    },
  },
  public_service: {
    read: { id: 'public_service', make: publicServicePlatform, secrets: { session: '' } },
    adapter: {
      id: 'dossiers_adapter',
      make: dossierAdapterPlatform,
      secrets: { username: 'minhchung', password: '', dstcode: ADAPTER_CODE },
      units: [ADAPTER_UNIT],
    },
    bus: { id: 'dossiers_bus', files: busFiles },
    adapter_files: { id: 'dossiers_adapter_files', files: adapterFiles },
    national: {
      id: 'dossiers_2025',
      make: dossiers2025Platform,
      secrets: { client_id: 'minhchung', client_secret: '' },
    },
  },
  citizen_reports: {
    field: { id: 'citizen_reports', make: citizenReportsPlatform, secrets: { token: '' }, byUnit: true },
    open311: { id: 'reports_open311', make: open311Platform, secrets: { api_key: '' } },
    open311_xml: { id: 'reports_open311_xml', make: open311Platform, secrets: { api_key: '' } },
    p3: { id: 'reports_p3', make: p3ReportsPlatform, secrets: { bearer: '' } },
  },
  hanoiwork: {
    qlnv: { id: 'hanoiwork', make: hanoiworkPlatform, secrets: { bearer: '' } },
    csv: { id: 'tasks_csv', files: (city, dir) => dropFiles(city, dir, { 'nhiem-vu.csv': taskSheet(city) }) },
    xlsx: {
      id: 'tasks_xlsx',
      files: (city, dir) => dropFiles(city, dir, { 'nhiem-vu.xlsx': taskWorkbook(city) }),
    },
  },
  // What citizens say counts nowhere, so a city may go without.
  satisfaction: { none: null, sheets: { id: 'satisfaction', make: satisfactionPlatform, secrets: { bearer: '' } } },
};

// "citizen_reports=open311,documents=vxp" -> source -> dialect; the first one where none is named.
export function chooseDialects(text) {
  const chosen = Object.fromEntries(Object.entries(DIALECTS).map(([s, all]) => [s, Object.values(all)[0]]));
  for (const part of (text ?? '').split(',').filter(Boolean)) {
    const [source, name] = part.split('=');
    const dialect = DIALECTS[source]?.[name];
    if (dialect === undefined) throw new Error(`--dialects: ${part}: one of ${known()}`);
    chosen[source] = dialect;
  }
  return Object.fromEntries(Object.entries(chosen).filter(([, dialect]) => dialect));
}

const known = () =>
  Object.entries(DIALECTS)
    .flatMap(([source, all]) => Object.keys(all).map((name) => `${source}=${name}`))
    .join(', ');
