import { defineConfig, definePolicy, type Viewer } from 'refract'

/** The customers that a viewer has to do with: a customer with one, a support agent with those who were given to her. */
function ownCustomers({ id, roles }: Viewer) {
  if (id !== null && roles.includes('customer')) return { customer_id: Number(id) }
  if (id !== null && roles.includes('agent')) return { support_rep_id: Number(id) }
  return null
}

const catalogue = (['album', 'artist', 'genre', 'media_type', 'track'] as const).map(model =>
  definePolicy(model, { read: true }),
)

const customers = definePolicy('customer', {
  read: viewer => ownCustomers(viewer) ?? false,
  update: viewer => ownCustomers(viewer) ?? false,
  fields: { support_rep_id: { write: false }, employee: { write: false } },
})

const invoices = definePolicy('invoice', {
  read: viewer => {
    const customer = ownCustomers(viewer)
    return customer !== null && { customer }
  },
})

const invoiceLines = definePolicy('invoice_line', {
  read: viewer => {
    const customer = ownCustomers(viewer)
    return customer !== null && { invoice: { customer } }
  },
})

const employees = definePolicy('employee', {
  read: viewer => viewer.id !== null,
  fields: { birth_date: false, address: false, phone: { read: viewer => viewer.roles.includes('agent') } },
})

export default defineConfig({
  policies: [...catalogue, customers, invoices, invoiceLines, employees],
  roles: ['customer', 'agent'],
  auth: {
    jwt: {
      secret: process.env.CHINOOK_JWT_SECRET ?? '',
      algorithms: ['HS256'],
      issuer: 'https://chinook.example',
      audience: 'chinook',
    },
  },
})
