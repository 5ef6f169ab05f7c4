-- 87_invoice: invoices for those that they are written to.

CREATE FUNCTION voiceagent.my_invoices(from_day date DEFAULT NULL, to_day date DEFAULT NULL)
	RETURNS TABLE (invoice_id bigint, number text, kind text, issued_on date, order_id bigint, corrects text, item text,
		currency text, net numeric, tax numeric, total numeric, tax_rate numeric, tax_kind text)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = bulk SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_zone text := voiceagent_private.tenant_zone();
BEGIN
	RETURN QUERY
	SELECT i.invoice_id, i.number, i.kind, (i.issued_at AT TIME ZONE v_zone)::date, i.order_id, c.number, i.item,
		i.currency, voiceagent_private.money(i.net, i.exponent), voiceagent_private.money(i.tax, i.exponent),
		voiceagent_private.money(i.total, i.exponent), i.tax_rate, i.tax_kind
	FROM voiceagent.invoices i
	LEFT JOIN voiceagent.invoices c ON c.tenant_id = v_tenant AND c.invoice_id = i.corrects
	WHERE i.tenant_id = v_tenant
		AND (my_invoices.from_day IS NULL OR (i.issued_at AT TIME ZONE v_zone)::date >= my_invoices.from_day)
		AND (my_invoices.to_day IS NULL OR (i.issued_at AT TIME ZONE v_zone)::date <= my_invoices.to_day)
	ORDER BY i.invoice_id;
END
$$;
COMMENT ON FUNCTION voiceagent.my_invoices(date, date) IS
	E'The tenant''s invoices and credit notes that were issued on these days of its time zone, amounts as people write '
	'them; those of credit notes are negative.\n'
	'invoice() and invoice_pdf() have each whole.';

CREATE FUNCTION voiceagent_private.find_invoice(invoice_id bigint) RETURNS voiceagent.invoices
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.invoices;
BEGIN
	SELECT i.* INTO v FROM voiceagent.invoices i
	WHERE i.tenant_id = voiceagent.current_tenant() AND i.invoice_id = find_invoice.invoice_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such invoice', NULL,
		'my_invoices() has them all.');
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.find_invoice(bigint) IS 'An invoice of the current tenant; PT404.';

CREATE FUNCTION voiceagent.invoice(invoice_id bigint) RETURNS text
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN voiceagent_private.invoice_text(voiceagent_private.find_invoice(invoice_id));
END
$$;
COMMENT ON FUNCTION voiceagent.invoice(bigint) IS
	E'An invoice of the tenant, or a credit note, as text in the language in which it was issued.\n'
	'PT404.';

CREATE FUNCTION voiceagent.invoice_pdf(invoice_id bigint, OUT state text, OUT pdf bytea, OUT lacks text)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('viewer');
	v voiceagent.invoices := voiceagent_private.find_invoice(invoice_id);
	v_made voiceagent_private.invoice_documents;
BEGIN
	INSERT INTO voiceagent_private.invoice_documents (tenant_id, invoice_id, next_at)
	VALUES (v_tenant, v.invoice_id, voiceagent.clock()) ON CONFLICT DO NOTHING;
	SELECT d.* INTO v_made FROM voiceagent_private.invoice_documents d
	WHERE d.tenant_id = v_tenant AND d.invoice_id = v.invoice_id;
	pdf := v_made.pdf;
	lacks := v_made.lacks;
	state := CASE WHEN pdf IS NOT NULL THEN 'made' WHEN v_made.problem IS NOT NULL THEN 'failed: ' || v_made.problem
		ELSE 'being made' END;
	IF pdf IS NULL THEN
		PERFORM voiceagent_private.poke('exports');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent.invoice_pdf(bigint) IS
	E'An invoice as PDF: the first call has it made (state: being made), one some seconds later has it (made), or says '
	'why not (failed: and the reason).\n'
	'lacks: characters that the font cannot show, which are question marks in it; invoice() has them. PT404.';

CREATE FUNCTION voiceagent_private.claim_document() RETURNS TABLE (tenant_id bigint, invoice_id bigint, title text,
	body text, font text, issued_at timestamptz)
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
	v_invoice voiceagent.invoices;
	v_now timestamptz := voiceagent.clock();
	c_lease CONSTANT interval := '1 minute';
	c_tries CONSTANT integer := 3;
BEGIN
	DELETE FROM voiceagent_private.invoice_documents d
	WHERE d.next_at <= v_now AND (d.pdf IS NOT NULL OR d.problem IS NOT NULL);
	UPDATE voiceagent_private.invoice_documents d SET problem = 'making it has ended the process too often',
		next_at = v_now + interval '1 hour'
	WHERE d.next_at <= v_now AND d.tries >= c_tries;
	SELECT d.tenant_id, d.invoice_id INTO v FROM voiceagent_private.invoice_documents d
	WHERE d.next_at <= v_now ORDER BY d.next_at LIMIT 1 FOR UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	UPDATE voiceagent_private.invoice_documents d SET tries = d.tries + 1, next_at = v_now + c_lease
	WHERE d.tenant_id = v.tenant_id AND d.invoice_id = v.invoice_id;
	PERFORM voiceagent_private.set_tenant(v.tenant_id);
	v_invoice := voiceagent_private.find_invoice(v.invoice_id);
	RETURN QUERY SELECT v.tenant_id, v.invoice_id, v_invoice.number, voiceagent_private.invoice_text(v_invoice),
		voiceagent_private.platform_setting('invoice_font'), v_invoice.issued_at;
	PERFORM voiceagent_private.set_tenant(0);
END
$$;
COMMENT ON FUNCTION voiceagent_private.claim_document() IS
	E'For the process exporter: the invoice that is to be made a PDF of next; no row: none is.\n'
	'Those that were made a week ago go.';

CREATE FUNCTION voiceagent_private.record_document(tenant_id bigint, invoice_id bigint, pdf bytea, lacks text,
	problem text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE voiceagent_private.invoice_documents d SET pdf = record_document.pdf, lacks = record_document.lacks,
		problem = record_document.problem, next_at = voiceagent.clock()
			+ CASE WHEN record_document.problem IS NULL THEN interval '7 days' ELSE interval '10 minutes' END
	WHERE d.tenant_id = record_document.tenant_id AND d.invoice_id = record_document.invoice_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_document(bigint, bigint, bytea, text, text) IS
	'For the process exporter: the PDF of a claimed invoice, and what its font lacks; or why there is none.';
