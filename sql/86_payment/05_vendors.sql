/*
 * 86_payment: the vendors that take payments and their currencies, as rows.
 *
 * The driver of a vendor (extension/pure/payments) builds requests and reads
 * answers; these rows hold the facts about a vendor that the rules of orders and
 * plans need.  No other file of sql/ decides by a vendor's name, except for the
 * embedded vendor, which is ours.
 */

CREATE TABLE voiceagent_private.payment_vendors (
	vendor text PRIMARY KEY,
	place smallint NOT NULL UNIQUE,
	title text NOT NULL,
	needs text[] NOT NULL DEFAULT '{}',
	other_currencies boolean NOT NULL DEFAULT true,
	finds_charges boolean NOT NULL DEFAULT true,
	makes text[] NOT NULL DEFAULT '{}',
	charges_upgrades boolean NOT NULL DEFAULT true,
	takes_undo boolean NOT NULL DEFAULT true
);
COMMENT ON TABLE voiceagent_private.payment_vendors IS 'Payment vendors, and how they differ.';
COMMENT ON COLUMN voiceagent_private.payment_vendors.vendor IS 'Its name; the driver has the same.';
COMMENT ON COLUMN voiceagent_private.payment_vendors.place IS 'Order in lists.';
COMMENT ON COLUMN voiceagent_private.payment_vendors.title IS 'Its name for people.';
COMMENT ON COLUMN voiceagent_private.payment_vendors.needs IS
	'The values that set_payment_account() wants beside the secret: client_id, webhook_secret.';
COMMENT ON COLUMN voiceagent_private.payment_vendors.other_currencies IS
	'It also takes currencies without a row in payment_currencies, as ISO 4217 has them.';
COMMENT ON COLUMN voiceagent_private.payment_vendors.finds_charges IS
	'A charge without the buyer whose answer was lost can be looked up.';
COMMENT ON COLUMN voiceagent_private.payment_vendors.makes IS
	E'The objects that are made there before a contract can be sold, in this order: product, coupon, price.\n'
	'A price has its coupon in it; a coupon that is made of its own survives a change of the plan.';
COMMENT ON COLUMN voiceagent_private.payment_vendors.charges_upgrades IS
	'It charges the difference of an upgrade by itself; else the buyer pays it as an order.';
COMMENT ON COLUMN voiceagent_private.payment_vendors.takes_undo IS 'It takes a cancellation back.';
SELECT voiceagent_private.guard_table('voiceagent_private.payment_vendors', 'platform', 'WHERE false');
INSERT INTO voiceagent_private.payment_vendors (vendor, place, title, needs, other_currencies, finds_charges, makes,
	charges_upgrades, takes_undo) VALUES
	('stripe', 1, 'Stripe', '{webhook_secret}', true, true, '{product,coupon}', true, true),
	('paypal', 2, 'PayPal', '{client_id}', false, false, '{product,price}', false, false),
	('embedded', 3, 'The embedded vendor', '{}', true, true, '{}', true, true);

CREATE TABLE voiceagent.currencies (
	currency text PRIMARY KEY CHECK (currency ~ '^[A-Z]{3}$'),
	exponent smallint NOT NULL CHECK (exponent BETWEEN 0 AND 4)
);
COMMENT ON TABLE voiceagent.currencies IS E'Currencies of ISO 4217.\nAmounts are integers of their smallest unit.';
COMMENT ON COLUMN voiceagent.currencies.currency IS 'Code of three letters.';
COMMENT ON COLUMN voiceagent.currencies.exponent IS 'Decimals of an amount: 2 for cents, 0 for yen.';
SELECT voiceagent_private.guard_table('voiceagent.currencies', 'platform', 'WHERE false');
INSERT INTO voiceagent.currencies (currency, exponent)
SELECT c.currency, e.exponent FROM (VALUES
	(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
	(2, 'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC '
		'CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR '
		'JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD '
		'NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN '
		'SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG'),
	(3, 'BHD IQD JOD KWD LYD OMR TND'),
	(4, 'CLF UYW')) AS e(exponent, currencies)
CROSS JOIN LATERAL regexp_split_to_table(e.currencies, ' ') AS c(currency);

CREATE TABLE voiceagent.payment_currencies (
	vendor text NOT NULL REFERENCES voiceagent_private.payment_vendors,
	currency text NOT NULL REFERENCES voiceagent.currencies,
	exponent smallint NOT NULL CHECK (exponent BETWEEN 0 AND 4),
	step integer NOT NULL DEFAULT 1 CHECK (step > 0),
	PRIMARY KEY (vendor, currency)
);
COMMENT ON TABLE voiceagent.payment_currencies IS
	E'Where a payment vendor writes amounts otherwise than ISO 4217, and which currencies it takes.\n'
	'payment_vendors.other_currencies says which vendor takes no others.';
COMMENT ON COLUMN voiceagent.payment_currencies.vendor IS 'The vendor.';
COMMENT ON COLUMN voiceagent.payment_currencies.currency IS 'Code of the currency.';
COMMENT ON COLUMN voiceagent.payment_currencies.exponent IS 'Decimals in which the vendor counts.';
COMMENT ON COLUMN voiceagent.payment_currencies.step IS
	'Its amounts are multiples of so many units, counted with its decimals.';
SELECT voiceagent_private.guard_table('voiceagent.payment_currencies', 'platform', 'WHERE false');
INSERT INTO voiceagent.payment_currencies (vendor, currency, exponent, step) VALUES
	('stripe', 'ISK', 2, 100), ('stripe', 'UGX', 2, 100),
	('stripe', 'BHD', 3, 10), ('stripe', 'JOD', 3, 10), ('stripe', 'KWD', 3, 10), ('stripe', 'OMR', 3, 10),
	('stripe', 'TND', 3, 10), ('stripe', 'MGA', 0, 1);
INSERT INTO voiceagent.payment_currencies (vendor, currency, exponent)
SELECT 'paypal', c.currency, CASE WHEN c.currency IN ('HUF', 'JPY', 'TWD') THEN 0 ELSE 2 END
FROM regexp_split_to_table('AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS JPY MXN MYR NOK NZD PHP PLN SEK SGD THB '
	'TWD USD', ' ') AS c(currency);

CREATE FUNCTION voiceagent_private.payment_vendor(vendor text) RETURNS voiceagent_private.payment_vendors
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent_private.payment_vendors;
BEGIN
	SELECT * INTO v FROM voiceagent_private.payment_vendors p WHERE p.vendor = payment_vendor.vendor;
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.payment_vendor(text) IS 'A payment vendor by its name; NULL: there is none.';

CREATE FUNCTION voiceagent_private.payment_vendor_names(embedded boolean) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (SELECT string_agg(p.vendor, ', ' ORDER BY p.place) FROM voiceagent_private.payment_vendors p
		WHERE embedded OR p.vendor <> 'embedded');
END
$$;
COMMENT ON FUNCTION voiceagent_private.payment_vendor_names(boolean) IS
	'The payment vendors for a message, with the embedded one or without it.';
