// Citizen reports, dialect P3: page index (from 0) and size, total beside the items.

import { p3Reports } from '../render/p3_reports.mjs';
import { json } from './http.mjs';

export function p3ReportsPlatform(city, secret) {
  const reports = p3Reports(city);

  function search(query) {
    const from = query.get('tuNgay') ?? '',
      to = query.get('denNgay') ?? '';
    const index = Number(query.get('pageIndex') ?? '0'),
      size = Number(query.get('pageSize') ?? '20');
    if (!from || !to || !(index >= 0) || !(size >= 1)) return json({ success: false, message: 'Sai tham số' });
    const list = reports.filter((r) => r.date >= from && r.date <= to);
    return json({
      success: true,
      data: { total: list.length, items: list.slice(index * size, (index + 1) * size).map((r) => r.record()) },
    });
  }

  return { header: 'authorization', credential: `Bearer ${secret}`, routes: { 'GET /api/phananh/search': search } };
}
