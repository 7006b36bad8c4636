// The city's standard products as the simulation knows them: our own example, made up for
// this sandbox. Coefficients are decimals as text, one per edition.

export const EDITIONS = [
  { id: 'demo-2026-1', from: '2026-01-01' },
  { id: 'demo-2026-2', from: '2026-05-16' },
];

// product -> [coefficient in the first edition, in the second]
export const COEFFICIENTS = {
  'SP-HS-01': ['0.8', '0.8'],
  'SP-HS-02': ['0.5', '0.5'],
  'SP-HS-03': ['1', '1'],
  'SP-HS-04': ['0.2', '0.25'],
  'SP-HS-05': ['1.2', '1.2'],
  'SP-HS-06': ['4', '4.5'],
  'SP-HS-07': ['3', '3'],
  'SP-HS-08': ['6', '6'],
  'SP-HS-09': ['1.5', '1.6'],
  'SP-HS-10': ['0.6', '0.6'],
  'SP-VB-01': ['0.5', '0.5'],
  'SP-VB-02': ['1', '1.2'],
  'SP-VB-03': ['2', '2'],
  'SP-VB-04': ['2.5', '2.5'],
  'SP-VB-05': ['1.5', '1.5'],
  'SP-VB-06': ['0.4', '0.4'],
  'SP-VB-07': ['0.2', '0.2'],
  'SP-VB-08': ['2', '2'],
  'SP-NV-01': ['1', '1'],
  'SP-NV-02': ['1.6', '1.6'],
  'SP-NV-03': ['5', '5.5'],
  'SP-NV-04': ['15', '15'],
  'SP-NV-05': ['4', '4'],
  'SP-NV-06': ['1', '1'],
  'SP-NV-07': ['1.2', '1.25'],
  'SP-NV-08': ['7.6', '8'],
  'SP-NV-09': ['3', '3'],
  'SP-NV-10': ['10', '10'],
  'SP-PA-01': ['1', '1'],
  'SP-PA-02': ['1', '1.1'],
  'SP-PA-03': ['2', '2'],
  'SP-PA-04': ['0.8', '0.8'],
};

// National number of a procedure -> its name and product.
export const PROCEDURES = {
  1.001193: { name: 'Thủ tục đăng ký khai sinh', product: 'SP-HS-01' },
  2.000635: { name: 'Cấp bản sao trích lục hộ tịch', product: 'SP-HS-02' },
  1.000894: { name: 'Thủ tục đăng ký kết hôn', product: 'SP-HS-03' },
  2.000815: { name: 'Chứng thực bản sao từ bản chính', product: 'SP-HS-04' },
  1.001612: { name: 'Đăng ký thành lập hộ kinh doanh', product: 'SP-HS-05' },
  1.009994: { name: 'Cấp giấy phép xây dựng nhà ở riêng lẻ', product: 'SP-HS-06' },
  1.012796: { name: 'Đăng ký biến động đất đai', product: 'SP-HS-07' },
  1.012753: { name: 'Cấp giấy chứng nhận quyền sử dụng đất lần đầu', product: 'SP-HS-08' },
  1.001776: { name: 'Trợ cấp bảo trợ xã hội hằng tháng', product: 'SP-HS-09' },
  1.004222: { name: 'Xác nhận thông tin về cư trú', product: 'SP-HS-10' },
  1.009999: { name: 'Thủ tục chưa có trong danh mục', product: null },
};

export const DOCUMENT_TYPES = {
  'Công văn': 'SP-VB-01',
  'Báo cáo': 'SP-VB-02',
  'Tờ trình': 'SP-VB-03',
  'Kế hoạch': 'SP-VB-04',
  'Quyết định': 'SP-VB-05',
  'Thông báo': 'SP-VB-06',
  'Giấy mời': 'SP-VB-07',
  'Chỉ thị': 'SP-VB-08',
  'Thư công': null,
};

export const TASK_TYPES = {
  NV01: { name: 'Soạn thảo văn bản hành chính đơn giản', product: 'SP-NV-01' },
  NV02: { name: 'Báo cáo định kỳ', product: 'SP-NV-02' },
  NV03: { name: 'Báo cáo chuyên đề', product: 'SP-NV-03' },
  NV04: { name: 'Xây dựng đề án', product: 'SP-NV-04' },
  NV05: { name: 'Kiểm tra, giám sát', product: 'SP-NV-05' },
  NV06: { name: 'Giải quyết hồ sơ được giao', product: 'SP-NV-06' },
  NV07: { name: 'Giải quyết phản ánh được giao', product: 'SP-NV-07' },
  NV08: { name: 'Thẩm định', product: 'SP-NV-08' },
  NV09: { name: 'Tổ chức hội nghị', product: 'SP-NV-09' },
  NV10: { name: 'Sáng kiến, cải tiến', product: 'SP-NV-10' },
  NV99: { name: 'Việc khác', product: null },
};

// Category of a citizen report; a report without one is "other".
export const REPORT_CATEGORIES = {
  1: { name: 'Hạ tầng đô thị', product: 'SP-PA-01' },
  2: { name: 'Môi trường', product: 'SP-PA-02' },
  3: { name: 'Khẩn cấp', product: 'SP-PA-03' },
  4: { name: 'Lĩnh vực khác', product: 'SP-PA-04' },
};

// The coefficient of a product assigned on a city date, as text; null: none in force.
export function coefficientOn(product, date) {
  const row = COEFFICIENTS[product];
  if (!row || date < EDITIONS[0].from) return null;
  return date < EDITIONS[1].from ? row[0] : row[1];
}
