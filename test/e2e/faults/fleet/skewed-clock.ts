/** Loaded before the gateway: its clock shows another time, by `CLOCK_OFF_MS`. */
const off = Number(process.env['CLOCK_OFF_MS']);
const now = Date.now.bind(Date);
Date.now = () => now() + off;
