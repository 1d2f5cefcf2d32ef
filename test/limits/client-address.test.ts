import { describe, expect, it } from 'vitest'
import { parseAddressRanges } from '../../src/lib/ip-address.ts'
import { addressKey, createAddressReader, rateKey } from '../../src/limits/index.ts'

const ranges = (...texts: string[]) => texts.flatMap(text => parseAddressRanges(text) ?? [])

describe('the address of a client', () => {
  it.each<[peer: string, address: string]>([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['2001:DB8:0:0::0001', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('of the peer %s is %s', (peer, address) => {
    expect(createAddressReader()(peer, {})).toBe(address)
  })

  it('is not known once the connection is gone', () => {
    expect(createAddressReader()(undefined, { 'x-forwarded-for': '203.0.113.7' })).toBeUndefined()
  })

  it('is never what a peer says that is not trusted (attack: rate-key bypass)', () => {
    const nobody = createAddressReader()
    const proxies = createAddressReader({ trustedProxies: ranges('10.0.0.0/8') })
    for (const read of [nobody, proxies]) {
      expect(read('198.51.100.1', { 'x-forwarded-for': '203.0.113.7', forwarded: 'for=203.0.113.7' })).toBe(
        '198.51.100.1',
      )
    }
  })

  it.each<[header: string, address: string]>([
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:4711', '203.0.113.7'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    // what stands ahead of the last untrusted address is the client's own invention
    ['1.1.1.1, 203.0.113.7', '203.0.113.7'],
    ['1.1.1.1, 203.0.113.7, 10.9.9.9', '203.0.113.7'],
    ['10.1.1.1, 10.2.2.2', '10.1.1.1'],
    ['203.0.113.7, unknown', '10.0.0.1'],
    ['203.0.113.7, nonsense, 10.9.9.9', '10.9.9.9'],
    ['', '10.0.0.1'],
    [' , ,', '10.0.0.1'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
  ])('behind a trusted proxy that writes X-Forwarded-For: %j is %s', (header, address) => {
    const read = createAddressReader({ trustedProxies: ranges('10.0.0.0/8') })
    expect(read('10.0.0.1', { 'x-forwarded-for': header })).toBe(address)
    expect(read('::ffff:10.0.0.1', { 'x-forwarded-for': header })).toBe(address)
  })

  it.each<[header: string, address: string]>([
    ['for=203.0.113.7', '203.0.113.7'],
    ['For="203.0.113.7:4711";proto=https;by=10.0.0.1', '203.0.113.7'],
    ['for="[2001:db8::1]:4711"', '2001:db8::1'],
    ['for=1.1.1.1, for=203.0.113.7', '203.0.113.7'],
    ['for=203.0.113.7;host="a,b;for=6.6.6.6", proto=http;for=10.9.9.9', '203.0.113.7'],
    ['for=203.0.113.7, proto=https', '10.0.0.1'],
    ['for=_hidden', '10.0.0.1'],
    ['for=unknown', '10.0.0.1'],
  ])('behind a trusted proxy that writes Forwarded: %j is %s', (header, address) => {
    const read = createAddressReader({ trustedProxies: ranges('10.0.0.0/8'), proxyHeader: 'forwarded' })
    expect(read('10.0.0.1', { forwarded: header })).toBe(address)
  })

  it('is read from the one header that the proxy writes: the client could send the other', () => {
    const headers = { 'x-forwarded-for': '1.1.1.1', forwarded: 'for=2.2.2.2' }
    const trustedProxies = ranges('loopback')
    expect(createAddressReader({ trustedProxies })('127.0.0.1', headers)).toBe('1.1.1.1')
    expect(createAddressReader({ trustedProxies, proxyHeader: 'forwarded' })('::1', headers)).toBe('2.2.2.2')
  })
})

describe('the key of an address (attack: rate-key bypass)', () => {
  it('is the same for all of an IPv6 /64', () => {
    const keys = ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:DB8:1:2:0:0:0:9'].map(
      addressKey,
    )
    expect(new Set(keys)).toEqual(new Set(['2001:db8:1:2::/64']))
    expect(addressKey('2001:db8:1:3::1')).not.toBe(keys[0])
  })

  it('is the same for every spelling', () => {
    const spellings = [
      '203.0.113.7',
      '::ffff:203.0.113.7',
      '::FFFF:cb00:7107',
      '203.0.113.7:80',
      '0xcb.0.113.7',
      '3405803783',
    ]
    expect(new Set(spellings.map(addressKey))).toEqual(new Set(['203.0.113.7']))
  })

  it('is one for all that cannot be told apart', () => {
    expect([undefined, '', 'unknown'].map(addressKey)).toEqual(['unknown', 'unknown', 'unknown'])
  })

  it('is not asked of a viewer', () => {
    expect(rateKey('7', '203.0.113.7')).toBe(rateKey('7', '203.0.113.8'))
    expect(rateKey(null, '203.0.113.7')).not.toBe(rateKey(null, '203.0.113.8'))
    // nobody can choose an id that is an address's key
    expect(rateKey('address 203.0.113.7', undefined)).not.toBe(rateKey(null, '203.0.113.7'))
  })
})
