import { defineConfig, definePolicy, type Viewer } from 'refract'

/** The customers that were given to a support agent. */
const ownCustomers = ({ id, roles }: Viewer) =>
  id !== null && roles.includes('agent') && { support_rep_id: Number(id) }

const catalogue = (['album', 'artist', 'genre', 'media_type', 'track', 'employee'] as const).map(model =>
  definePolicy(model, { read: true }),
)

const customers = definePolicy('customer', { read: ownCustomers })

const invoices = definePolicy('invoice', {
  read: viewer => {
    const customer = ownCustomers(viewer)
    return customer && { customer }
  },
  create: viewer => {
    const customer = ownCustomers(viewer)
    return customer && { customer }
  },
})

const invoiceLines = definePolicy('invoice_line', {
  read: viewer => {
    const customer = ownCustomers(viewer)
    return customer && { invoice: { customer } }
  },
  create: viewer => {
    const customer = ownCustomers(viewer)
    return customer && { invoice: { customer } }
  },
})

export default defineConfig({
  policies: [...catalogue, customers, invoices, invoiceLines],
  roles: ['agent'],
  auth: {
    jwt: {
      secret: process.env.BENCH_JWT_SECRET ?? '',
      algorithms: ['HS256'],
      issuer: 'https://bench.example',
      audience: 'bench',
    },
  },
})
