/** A prism that takes one beam of light apart: 40 by 40, inline SVG. */
export const logo = [
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" width="32" height="32" fill="none">',
  '<g stroke-linecap="round" stroke-width="2.4">',
  '<path d="M2 25 15.5 20.5" stroke="#94a3b8"/>',
  '<path d="M24.5 19 38 17.5" stroke="#f43f5e"/>',
  '<path d="M25.5 21.5 38 22.5" stroke="#f59e0b"/>',
  '<path d="M26.8 24 38 27.5" stroke="#10b981"/>',
  '<path d="M28 26.5 38 32.5" stroke="#6366f1"/>',
  '</g>',
  '<path d="M20 6 33 30.5H7Z" stroke="#4f46e5" stroke-width="2.6" stroke-linejoin="round"',
  ' fill="#eef2ff" fill-opacity="0.55"/>',
  '</svg>',
].join('')

/** The same as an address, for `<link rel="icon">`. */
export const favicon = `data:image/svg+xml,${encodeURIComponent(logo)}`
