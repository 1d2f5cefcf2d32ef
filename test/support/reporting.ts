const { REFRACT_TEST_REPORT: report } = process.env

/** Vitest's options for a JSON report beside the usual output, into the file that REFRACT_TEST_REPORT names. */
export const reporting = report ? { reporters: ['default', 'json'], outputFile: { json: report } } : {}
