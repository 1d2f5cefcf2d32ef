import { type DeploymentRule, rule } from './deployment.ts'

/** What the server shows, and to whose pages. */
export const exposureRules: readonly DeploymentRule[] = [
  rule(
    'NODE_ENV',
    'error',
    ({ environment }) => environment !== 'production',
    ({ environment }) => ({
      fault: `NODE_ENV is ${environment}: errors say what is inside, and GraphiQL may act as every user. (All else is looked at as in production.)`,
      remedy: 'Set NODE_ENV=production.',
    }),
  ),
  rule(
    'introspection',
    'error',
    ({ config }) => config.isIntrospectionOpen,
    () => ({
      fault: 'Everybody may read the schema, with all that there is to try.',
      remedy: 'Set REFRACT_INTROSPECTION=false; administrators can still read it.',
    }),
  ),
  rule(
    'GraphiQL',
    'warning',
    ({ config }) => config.isGraphiqlServed,
    () => ({
      fault: 'GraphiQL is served to everybody.',
      remedy: 'Set REFRACT_GRAPHIQL=false.',
    }),
  ),
  rule(
    'hosts',
    'error',
    ({ config }) => config.allowedHosts === undefined,
    () => ({
      fault:
        'Requests are answered under every host name: a page can reach the server under a name of its own (DNS rebinding).',
      remedy: 'Set ALLOWED_HOSTS to the names of this server, such as api.example.com.',
    }),
  ),
  rule(
    'CORS',
    'error',
    ({ config }) => config.corsOrigins.includes('*'),
    () => ({
      fault: 'The pages of every origin may call the API and read its answers (REFRACT_CORS_ORIGINS has *).',
      remedy: 'Set REFRACT_CORS_ORIGINS to the origins of your pages, such as https://app.example.com.',
    }),
  ),
  rule(
    'CORS over HTTP',
    'warning',
    ({ config }) => plainOrigins(config.corsOrigins).length > 0,
    ({ config }) => ({
      fault: `Pages of ${plainOrigins(config.corsOrigins).join(', ')} may send cookies, and come without TLS: anybody on the way can change them.`,
      remedy: 'Name https:// origins only in REFRACT_CORS_ORIGINS.',
    }),
  ),
  rule(
    'REFRACT_PUBLIC_URL',
    'error',
    ({ config, hasProvider }) => hasProvider && !config.publicUrl?.startsWith('https://'),
    ({ config: { publicUrl } }) => ({
      fault:
        publicUrl === undefined
          ? 'Nobody has said where browsers find this server, and the sign-in will not start.'
          : `REFRACT_PUBLIC_URL is ${publicUrl}: browsers send no session over it, since cookies are for TLS only.`,
      remedy: 'Set REFRACT_PUBLIC_URL=https://… and put a proxy that ends TLS before the server.',
    }),
  ),
  rule(
    'proxies',
    'warning',
    ({ config }) => config.publicUrl?.startsWith('https://') === true && config.trustedProxies.length === 0,
    ({ config }) => ({
      fault: `A proxy ends TLS for ${config.publicUrl}, and none is trusted: to the limits, all callers are one address.`,
      remedy:
        'Set REFRACT_TRUSTED_PROXIES to the address of the proxy, such as loopback, uniquelocal or 10.0.0.7.',
    }),
  ),
  rule(
    'metrics',
    'warning',
    ({ config }) => config.metricsPort !== undefined && !loopback.includes(config.metricsHost),
    ({ config }) => ({
      fault: `Whoever reaches ${config.metricsHost}:${config.metricsPort} reads the metrics: how many people are there, and how busy it is.`,
      remedy:
        'Let only Prometheus reach it, or leave REFRACT_METRICS_HOST out where it runs on this machine.',
    }),
  ),
  rule(
    'log',
    'warning',
    ({ config }) => config.logLevel === 'silent',
    () => ({
      fault: 'LOG_LEVEL is silent: what the id in a masked error stands for is written nowhere.',
      remedy: 'Leave LOG_LEVEL out, or set it to error.',
    }),
  ),
]

const loopback = ['localhost', '127.0.0.1', '::1']

function plainOrigins(origins: readonly string[]): readonly string[] {
  return origins.filter(origin => origin.startsWith('http://'))
}
