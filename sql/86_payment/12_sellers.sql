/*
 * 86_payment: who sells, who buys, and what tax is on it.
 *
 * A tax is a row: country, rate, since when, and where that is written.  None
 * comes with the extension, since only the platform knows where it has to
 * charge tax.  The tax of an order is computed when it is made, because the
 * buyer pays it with the price: price * rate / 100, rounded once, half a
 * smallest unit upwards.
 */

CREATE TABLE voiceagent_private.sellers (
	seller_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 200),
	address text NOT NULL CHECK (length(address) BETWEEN 1 AND 1000),
	country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
	tax_number text CHECK (length(tax_number) BETWEEN 1 AND 40),
	series text NOT NULL CHECK (series ~ '^[A-Z0-9][A-Z0-9-]{0,19}$'),
	changed_at timestamptz NOT NULL
);
COMMENT ON TABLE voiceagent_private.sellers IS 'In whose name the platform sells credits.';
COMMENT ON COLUMN voiceagent_private.sellers.seller_id IS 'Number of the seller.';
COMMENT ON COLUMN voiceagent_private.sellers.name IS 'Its name, as invoices have it.';
COMMENT ON COLUMN voiceagent_private.sellers.address IS 'Its address, of some lines.';
COMMENT ON COLUMN voiceagent_private.sellers.country IS 'Code of its country (ISO 3166).';
COMMENT ON COLUMN voiceagent_private.sellers.tax_number IS 'Its number for value added tax; NULL: none.';
COMMENT ON COLUMN voiceagent_private.sellers.series IS
	'The prefix of its invoices'' numbers; credit notes have SERIES-C.';
COMMENT ON COLUMN voiceagent_private.sellers.changed_at IS 'When it was set.';
SELECT voiceagent_private.guard_table('voiceagent_private.sellers', 'platform', '');
GRANT SELECT ON voiceagent_private.sellers TO voiceagent_worker;

CREATE TABLE voiceagent_private.seller_accounts (
	vendor text PRIMARY KEY REFERENCES voiceagent_private.payment_vendors,
	seller_id bigint NOT NULL REFERENCES voiceagent_private.sellers
);
COMMENT ON TABLE voiceagent_private.seller_accounts IS 'Whose the platform''s account at each payment vendor is.';
COMMENT ON COLUMN voiceagent_private.seller_accounts.vendor IS 'The payment vendor.';
COMMENT ON COLUMN voiceagent_private.seller_accounts.seller_id IS 'The seller that is paid there.';
SELECT voiceagent_private.guard_table('voiceagent_private.seller_accounts', 'platform', '');
GRANT SELECT ON voiceagent_private.seller_accounts TO voiceagent_worker;

CREATE TABLE voiceagent.tax_rates (
	country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
	valid_from date NOT NULL,
	kind text NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
	rate numeric(6, 3) NOT NULL CHECK (rate BETWEEN 0 AND 100),
	source text NOT NULL CHECK (length(source) BETWEEN 1 AND 500),
	PRIMARY KEY (country, valid_from)
);
COMMENT ON TABLE voiceagent.tax_rates IS
	'Taxes that the platform charges to buyers of a country; the latest row that is valid counts.';
COMMENT ON COLUMN voiceagent.tax_rates.country IS 'Code of the buyer''s country (ISO 3166).';
COMMENT ON COLUMN voiceagent.tax_rates.valid_from IS 'The first day on which it is charged, in the buyer''s time zone.';
COMMENT ON COLUMN voiceagent.tax_rates.kind IS 'Its name on invoices, such as VAT.';
COMMENT ON COLUMN voiceagent.tax_rates.rate IS 'Per cent of the price.';
COMMENT ON COLUMN voiceagent.tax_rates.source IS 'Where that is written.';
SELECT voiceagent_private.guard_table('voiceagent.tax_rates', 'platform', '');

CREATE TABLE voiceagent.billing_details (
	tenant_id bigint PRIMARY KEY REFERENCES voiceagent.tenants,
	name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
	address text NOT NULL CHECK (length(address) BETWEEN 1 AND 1000),
	country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
	tax_number text CHECK (length(tax_number) BETWEEN 1 AND 40),
	email text,
	language text NOT NULL CHECK (language IN ('en', 'es', 'fr', 'de')),
	changed_at timestamptz NOT NULL
);
COMMENT ON TABLE voiceagent.billing_details IS 'To whom a tenant''s invoices are written.';
COMMENT ON COLUMN voiceagent.billing_details.name IS 'Name of the buyer.';
COMMENT ON COLUMN voiceagent.billing_details.address IS 'Its address, of some lines.';
COMMENT ON COLUMN voiceagent.billing_details.country IS 'Code of its country (ISO 3166).';
COMMENT ON COLUMN voiceagent.billing_details.tax_number IS 'Its number for value added tax; NULL: none.';
COMMENT ON COLUMN voiceagent.billing_details.email IS 'Where invoices and other words about money go; NULL: nowhere.';
COMMENT ON COLUMN voiceagent.billing_details.language IS 'Of invoices and mails: en, es, fr or de.';
COMMENT ON COLUMN voiceagent.billing_details.changed_at IS 'When it was set.';
SELECT voiceagent_private.guard_table('voiceagent.billing_details', 'tenant');

CREATE FUNCTION voiceagent_private.vat_prefix(country text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN country IN ('AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU',
			'IE', 'IT', 'LT', 'LU', 'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK')
		THEN CASE country WHEN 'GR' THEN 'EL' ELSE country END END;
COMMENT ON FUNCTION voiceagent_private.vat_prefix(text) IS
	'The prefix of value added tax numbers from this member of the European Union; NULL: the country is no member.';

CREATE FUNCTION voiceagent_private.check_party(name text, address text, country text, tax_number text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_number text := nullif(upper(regexp_replace(tax_number, '[[:space:].-]', '', 'g')), '');
BEGIN
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.is_name(name, 200), 'PT422',
		'a name has 1 to 200 characters, in one line');
	PERFORM voiceagent_private.fail_if(coalesce(length(btrim(address)), 0) NOT BETWEEN 1 AND 1000
		OR translate(address, E'\n', '') ~ '[[:cntrl:]]', 'PT422',
		'an address has 1 to 1000 characters, in some lines');
	PERFORM voiceagent_private.fail_if(country IS NULL OR country !~ '^[A-Z]{2}$', 'PT422',
		'country is a code of two capital letters', NULL, 'Such as DE.');
	PERFORM voiceagent_private.fail_if(v_number !~ '^[0-9A-Z+*/]{2,30}$', 'PT422', 'that is not a tax number');
	PERFORM voiceagent_private.fail_if(
		v_number !~ ('^' || voiceagent_private.vat_prefix(country) || '[0-9A-Z+*]{2,12}$'), 'PT422',
		format('a tax number of %s begins with %s', country, voiceagent_private.vat_prefix(country)),
		'Behind it come 2 to 12 letters and digits.');
	RETURN v_number;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_party(text, text, text, text) IS
	E'PT422 for what no invoice could have -> the tax number without blanks.\n'
	'Its form is judged, its office is not asked.';

CREATE FUNCTION voiceagent.set_seller(name text, address text, country text, series text, vendors text[],
	tax_number text DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_number text;
	v_seller bigint;
BEGIN
	PERFORM voiceagent_private.require_platform('set up a seller');
	v_number := voiceagent_private.check_party(name, address, country, tax_number);
	PERFORM voiceagent_private.fail_if(series IS NULL OR series !~ '^[A-Z0-9][A-Z0-9-]{0,19}$', 'PT422',
		'a series has 1 to 20 capital letters, digits and hyphens', NULL, 'INV makes INV-1, INV-2, ...');
	PERFORM voiceagent_private.fail_if(
		vendors IS NULL OR NOT vendors <@ ARRAY(SELECT p.vendor FROM voiceagent_private.payment_vendors p), 'PT422',
		'vendors are ' || voiceagent_private.payment_vendor_names(true));
	INSERT INTO voiceagent_private.sellers AS s (name, address, country, tax_number, series, changed_at)
	VALUES (btrim(name), btrim(address, E' \n'), country, v_number, series, voiceagent.clock())
	ON CONFLICT ON CONSTRAINT sellers_name_key DO UPDATE SET address = excluded.address, country = excluded.country,
		tax_number = excluded.tax_number, series = excluded.series
	RETURNING s.seller_id INTO v_seller;
	DELETE FROM voiceagent_private.seller_accounts a WHERE a.seller_id = v_seller AND a.vendor <> ALL (vendors);
	INSERT INTO voiceagent_private.seller_accounts AS a (vendor, seller_id)
	SELECT DISTINCT u.vendor, v_seller FROM unnest(vendors) AS u(vendor)
	ON CONFLICT ON CONSTRAINT seller_accounts_pkey DO UPDATE SET seller_id = excluded.seller_id;
	-- By this change orders that were paid without a seller hear of it.
	UPDATE voiceagent_private.sellers s SET changed_at = voiceagent.clock() WHERE s.seller_id = v_seller;
	PERFORM voiceagent_private.audit_platform('set_seller', 'seller ' || v_seller, NULL, jsonb_build_object('name',
		btrim(name), 'country', country, 'tax_number', v_number, 'series', series, 'vendors', to_jsonb(vendors)));
	RETURN v_seller;
END
$$;
COMMENT ON FUNCTION voiceagent.set_seller(text, text, text, text, text[], text) IS
	E'Platform only: sets a seller, by its name, to whom payments at these vendors go from now on -> seller_id.\n'
	'series: what the numbers of its invoices begin with. Invoices that were issued stay as they are. 42501, PT422.';

CREATE FUNCTION voiceagent.set_tax_rate(country text, rate numeric, kind text, valid_from date, source text)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.require_platform('set a tax');
	PERFORM voiceagent_private.fail_if(country IS NULL OR country !~ '^[A-Z]{2}$', 'PT422',
		'country is a code of two capital letters', NULL, 'Such as DE.');
	PERFORM voiceagent_private.fail_if(rate IS NULL OR rate NOT BETWEEN 0 AND 100 OR rate <> round(rate, 3), 'PT422',
		'rate is from 0 to 100 per cent, with at most three decimals');
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.is_name(kind, 40), 'PT422', 'kind has 1 to 40 characters',
		NULL, 'Such as VAT.');
	PERFORM voiceagent_private.fail_if(valid_from IS NULL OR valid_from NOT BETWEEN '2000-01-01' AND '9999-01-01',
		'PT422', 'valid_from is a day');
	PERFORM voiceagent_private.fail_if(coalesce(length(btrim(source)), 0) NOT BETWEEN 1 AND 500, 'PT422',
		'a tax needs a source of 1 to 500 characters', NULL, 'Name the law or the page that has the rate.');
	INSERT INTO voiceagent.tax_rates (country, valid_from, kind, rate, source)
	VALUES (country, valid_from, btrim(kind), rate, btrim(source))
	ON CONFLICT ON CONSTRAINT tax_rates_pkey DO UPDATE SET kind = excluded.kind, rate = excluded.rate,
		source = excluded.source;
	PERFORM voiceagent_private.audit_platform('set_tax_rate', format('tax of %s from %s', country, valid_from), NULL,
		jsonb_build_object('kind', kind, 'rate', rate, 'source', source));
END
$$;
COMMENT ON FUNCTION voiceagent.set_tax_rate(text, numeric, text, date, text) IS
	E'Platform only: the tax that buyers of a country pay from a day on, in per cent, and where that is written.\n'
	'Orders that are made already keep theirs. 42501, PT422.';

CREATE FUNCTION voiceagent.set_billing_details(name text, address text, country text, tax_number text DEFAULT NULL,
	email text DEFAULT NULL, language text DEFAULT 'en') RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_number text := voiceagent_private.check_party(name, address, country, tax_number);
BEGIN
	IF language IS NULL OR language NOT IN ('en', 'es', 'fr', 'de') THEN
		PERFORM voiceagent_private.fail('PT422', 'language is en, es, fr or de');
	ELSIF email IS NOT NULL AND (length(email) > 254 OR email !~ '^[!-~]+@[!-~]+[.][!-~]+$') THEN
		PERFORM voiceagent_private.fail('PT422', 'email is not an address', NULL, 'It is like anna@example.com.');
	END IF;
	INSERT INTO voiceagent.billing_details AS b (tenant_id, name, address, country, tax_number, email, language,
		changed_at)
	VALUES (v_tenant, btrim(name), btrim(address, E' \n'), country, v_number, email, language, voiceagent.clock())
	ON CONFLICT ON CONSTRAINT billing_details_pkey DO UPDATE SET name = excluded.name, address = excluded.address,
		country = excluded.country, tax_number = excluded.tax_number, email = excluded.email,
		language = excluded.language, changed_at = excluded.changed_at;
	PERFORM voiceagent_private.audit('set_billing_details', 'billing details', NULL, jsonb_build_object('name', name,
		'country', country, 'tax_number', v_number));
END
$$;
COMMENT ON FUNCTION voiceagent.set_billing_details(text, text, text, text, text, text) IS
	E'To whom the tenant''s invoices are written from now on, and (email) mailed; its country and tax number decide '
	'about the tax on what it buys.\n'
	'The form of a tax number is judged, its office is not asked. For owners. PT422.';

CREATE FUNCTION voiceagent_private.tax_on(vendor text, price bigint, OUT tax bigint, OUT rate numeric, OUT kind text,
	OUT buyer jsonb)
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_seller voiceagent_private.sellers;
	v_buyer voiceagent.billing_details;
	v_country text;
	v_both boolean;
	v_today date := (voiceagent.clock() AT TIME ZONE voiceagent_private.tenant_zone())::date;
BEGIN
	tax := 0;
	SELECT b.* INTO v_buyer FROM voiceagent.billing_details b WHERE b.tenant_id = voiceagent.current_tenant();
	IF FOUND THEN
		buyer := jsonb_strip_nulls(jsonb_build_object('name', v_buyer.name, 'address', v_buyer.address, 'country',
			v_buyer.country, 'tax_number', v_buyer.tax_number, 'language', v_buyer.language));
	END IF;
	SELECT s.* INTO v_seller FROM voiceagent_private.seller_accounts a
	JOIN voiceagent_private.sellers s ON s.seller_id = a.seller_id WHERE a.vendor = tax_on.vendor;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	v_country := coalesce(v_buyer.country, v_seller.country);
	v_both := num_nulls(voiceagent_private.vat_prefix(v_country), voiceagent_private.vat_prefix(v_seller.country)) = 0;
	rate := 0;
	IF v_both AND v_country <> v_seller.country AND num_nulls(v_buyer.tax_number, v_seller.tax_number) = 0 THEN
		kind := 'reverse charge';
		RETURN;
	END IF;
	-- Within the Union the seller's own tax where the buyer's country has no row.
	SELECT r.rate, r.kind INTO rate, kind FROM voiceagent.tax_rates r
	WHERE r.valid_from <= v_today AND (r.country = v_country OR v_both AND r.country = v_seller.country)
	ORDER BY r.country = v_country DESC, r.valid_from DESC LIMIT 1;
	rate := coalesce(rate, 0);
	kind := coalesce(kind, 'none');
	tax := round(price * rate / 100);
END
$$;
COMMENT ON FUNCTION voiceagent_private.tax_on(text, bigint) IS
	E'The tax on a price (in the smallest unit) that the current tenant pays at a vendor now, its rate in per '
	'cent, and its kind: of tax_rates, reverse charge, or none; NULL: there is no seller.\n'
	'buyer: its billing details, by which that was decided; NULL: it has none. Rounded once, half a unit upwards.';
