export function plantCases() {}
