-- 87_invoice: an invoice as text.

CREATE FUNCTION voiceagent_private.invoice_words(language text) RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE language
		WHEN 'es' THEN ARRAY['Factura', 'Factura rectificativa', 'de la factura', 'Fecha', 'Vendedor', 'Comprador',
			'Número de IVA', 'créditos', 'Base imponible', 'Total', 'Pagado el %s con %s, pedido %s.',
			'Inversión del sujeto pasivo: el comprador declara el impuesto.', 'Sin impuesto',
			'No se ha movido dinero: es el vendedor de prueba.']
		WHEN 'fr' THEN ARRAY['Facture', 'Avoir', 'sur la facture', 'Date', 'Vendeur', 'Acheteur', 'Numéro de TVA',
			'crédits', 'Montant hors taxe', 'Total', 'Payé le %s par %s, commande %s.',
			'Autoliquidation : la taxe est due par l''acheteur.', 'Sans taxe',
			'Aucun argent n''a été versé : c''est le vendeur d''essai.']
		WHEN 'de' THEN ARRAY['Rechnung', 'Rechnungskorrektur', 'zur Rechnung', 'Datum', 'Verkäufer', 'Käufer',
			'USt-IdNr.', 'Credits', 'Nettobetrag', 'Gesamtbetrag', 'Bezahlt am %s mit %s, Bestellung %s.',
			'Steuerschuldnerschaft des Leistungsempfängers.', 'Ohne Steuer',
			'Es ist kein Geld geflossen: Das ist der Verkäufer zum Probieren.']
		ELSE ARRAY['Invoice', 'Credit note', 'for invoice', 'Date', 'Seller', 'Buyer', 'Tax number', 'credits', 'Net',
			'Total', 'Paid on %s by %s, order %s.', 'Reverse charge: the buyer accounts for the tax.', 'No tax',
			'No money was moved: this is the embedded vendor.'] END;
COMMENT ON FUNCTION voiceagent_private.invoice_words(text) IS 'The words of an invoice, in their order.';

CREATE FUNCTION voiceagent_private.party_lines(title text, party jsonb, number_word text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN concat_ws(E'\n', title, '  ' || (party ->> 'name'), '  ' || replace(party ->> 'address', E'\n', E'\n  '),
		'  ' || (party ->> 'country'), '  ' || number_word || ': ' || (party ->> 'tax_number'));
COMMENT ON FUNCTION voiceagent_private.party_lines(text, jsonb, text) IS 'Seller or buyer, as lines of an invoice.';

CREATE FUNCTION voiceagent_private.amount_line(words text, invoice voiceagent.invoices, amount bigint) RETURNS text
	LANGUAGE sql STABLE
	RETURN rpad(words, greatest(48, length(words)))
		|| lpad(voiceagent_private.money(amount, (invoice).exponent)::text, 18) || ' ' || (invoice).currency;
COMMENT ON FUNCTION voiceagent_private.amount_line(text, voiceagent.invoices, bigint) IS
	'A line that ends in an amount.';

CREATE FUNCTION voiceagent_private.invoice_text(invoice voiceagent.invoices) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	w text[] := voiceagent_private.invoice_words(invoice.language);
	v_zone text := voiceagent_private.tenant_zone();
	v_corrects text := (SELECT i.number FROM voiceagent.invoices i
		WHERE i.tenant_id = invoice.tenant_id AND i.invoice_id = invoice.corrects);
BEGIN
	RETURN concat_ws(E'\n', CASE invoice.kind WHEN 'invoice' THEN w[1] ELSE w[2] END || ' ' || invoice.number
			|| coalesce(' ' || w[3] || ' ' || v_corrects, ''),
		w[4] || ': ' || to_char(invoice.issued_at AT TIME ZONE v_zone, 'YYYY-MM-DD'), '',
		voiceagent_private.party_lines(w[5], invoice.seller, w[7]), '',
		voiceagent_private.party_lines(w[6], invoice.buyer, w[7]), '',
		voiceagent_private.amount_line(invoice.item || CASE WHEN invoice.credits > 0
			THEN format(' (%s %s)', trim_scale(invoice.credits), w[8]) ELSE '' END, invoice, invoice.net), '',
		voiceagent_private.amount_line(w[9], invoice, invoice.net),
		voiceagent_private.amount_line(CASE WHEN invoice.tax_kind IN ('none', 'reverse charge') THEN w[13]
			ELSE format('%s %s %%', invoice.tax_kind, trim_scale(invoice.tax_rate)) END, invoice, invoice.tax),
		voiceagent_private.amount_line(w[10], invoice, invoice.total), '',
		format(w[11], to_char(invoice.paid_at AT TIME ZONE v_zone, 'YYYY-MM-DD'), invoice.paid_by, invoice.order_id),
		CASE invoice.tax_kind WHEN 'reverse charge' THEN w[12] END,
		CASE WHEN invoice.paid_by LIKE 'embedded%' THEN w[14] END) || E'\n';
END
$$;
COMMENT ON FUNCTION voiceagent_private.invoice_text(voiceagent.invoices) IS
	'An invoice of the current tenant as text, in its language; days are of the tenant''s time zone.';
