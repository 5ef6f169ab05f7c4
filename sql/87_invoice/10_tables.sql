/*
 * 87_invoice: an invoice for each purchase that was paid, and a credit note for
 * each refund.
 *
 * Numbers of a series have no gaps and follow each other in time, so those who
 * issue wait for one another.  A tenant's transaction must not delay others;
 * therefore it only leaves a row in invoices_due, and the job issue_invoices
 * issues in a commit of its own, which holds the row of the series for as long as
 * that takes.  The buyer is the one of the order, whose tax was decided by it.
 *
 * Locks: the row of invoices_due (SKIP LOCKED), then the series.
 */

CREATE TABLE voiceagent_private.invoice_series (
	seller_id bigint NOT NULL REFERENCES voiceagent_private.sellers,
	series text NOT NULL,
	last_place bigint NOT NULL,
	PRIMARY KEY (seller_id, series)
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent_private.invoice_series IS 'How far each series of numbers has come.';
COMMENT ON COLUMN voiceagent_private.invoice_series.seller_id IS 'The seller whose series it is.';
COMMENT ON COLUMN voiceagent_private.invoice_series.series IS 'The prefix of its numbers.';
COMMENT ON COLUMN voiceagent_private.invoice_series.last_place IS 'The last that was given.';
SELECT voiceagent_private.guard_table('voiceagent_private.invoice_series', 'platform', '');
GRANT SELECT, INSERT, UPDATE ON voiceagent_private.invoice_series TO voiceagent_worker;

CREATE TABLE voiceagent.invoices (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	invoice_id bigint GENERATED ALWAYS AS IDENTITY,
	number text NOT NULL,
	kind text NOT NULL CHECK (kind IN ('invoice', 'credit_note')),
	order_id bigint NOT NULL,
	corrects bigint,
	issued_at timestamptz NOT NULL,
	language text NOT NULL,
	seller jsonb NOT NULL,
	buyer jsonb NOT NULL,
	item text NOT NULL,
	credits numeric NOT NULL,
	currency text NOT NULL,
	exponent smallint NOT NULL,
	net bigint NOT NULL,
	tax bigint NOT NULL,
	total bigint NOT NULL,
	tax_rate numeric NOT NULL,
	tax_kind text NOT NULL,
	paid_at timestamptz NOT NULL,
	paid_by text NOT NULL,
	PRIMARY KEY (tenant_id, invoice_id),
	CONSTRAINT adds_up CHECK (net + tax = total),
	CONSTRAINT corrects_an_invoice CHECK ((kind = 'credit_note') = (corrects IS NOT NULL)
		AND (kind = 'credit_note') = (total < 0))
);
COMMENT ON TABLE voiceagent.invoices IS
	E'Append-only: invoices of purchases, and credit notes for what was given back, whose amounts are negative.\n'
	'Amounts are integers of the currency''s smallest unit.';
COMMENT ON COLUMN voiceagent.invoices.invoice_id IS 'Number of the row.';
COMMENT ON COLUMN voiceagent.invoices.number IS 'The number that it bears: series and place, without gaps.';
COMMENT ON COLUMN voiceagent.invoices.kind IS 'invoice or credit_note.';
COMMENT ON COLUMN voiceagent.invoices.order_id IS 'The order that was paid.';
COMMENT ON COLUMN voiceagent.invoices.corrects IS 'invoice_id that a credit note refers to; NULL for an invoice.';
COMMENT ON COLUMN voiceagent.invoices.issued_at IS 'When it was issued.';
COMMENT ON COLUMN voiceagent.invoices.language IS 'Of its words: en, es, fr or de.';
COMMENT ON COLUMN voiceagent.invoices.seller IS 'Name, address, country and tax number of the seller, as they were.';
COMMENT ON COLUMN voiceagent.invoices.buyer IS 'The same of the buyer.';
COMMENT ON COLUMN voiceagent.invoices.item IS 'The bought item.';
COMMENT ON COLUMN voiceagent.invoices.credits IS 'Credits that it gave.';
COMMENT ON COLUMN voiceagent.invoices.currency IS 'Code of the currency.';
COMMENT ON COLUMN voiceagent.invoices.exponent IS 'Its decimals.';
COMMENT ON COLUMN voiceagent.invoices.net IS 'Amount before tax.';
COMMENT ON COLUMN voiceagent.invoices.tax IS 'The tax.';
COMMENT ON COLUMN voiceagent.invoices.total IS 'Both.';
COMMENT ON COLUMN voiceagent.invoices.tax_rate IS 'Per cent.';
COMMENT ON COLUMN voiceagent.invoices.tax_kind IS 'As tax_rates.kind; reverse charge, or none.';
COMMENT ON COLUMN voiceagent.invoices.paid_at IS 'When the order was paid.';
COMMENT ON COLUMN voiceagent.invoices.paid_by IS 'How, in words.';
CREATE UNIQUE INDEX invoices_order ON voiceagent.invoices (tenant_id, order_id) WHERE kind = 'invoice';
CREATE INDEX invoices_notes ON voiceagent.invoices (tenant_id, order_id) WHERE kind = 'credit_note';
SELECT voiceagent_private.guard_table('voiceagent.invoices', 'tenant');
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('outlives', 'voiceagent.invoices');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON voiceagent.invoices
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.reject_change();

-- All tenants' numbers, so that none is given twice and none is missing.
CREATE TABLE voiceagent_private.invoice_numbers (
	seller_id bigint NOT NULL,
	series text NOT NULL,
	place bigint NOT NULL,
	tenant_id bigint NOT NULL,
	invoice_id bigint NOT NULL,
	PRIMARY KEY (seller_id, series, place),
	FOREIGN KEY (tenant_id, invoice_id) REFERENCES voiceagent.invoices
);
COMMENT ON TABLE voiceagent_private.invoice_numbers IS 'Which invoice has which place of a series.';
COMMENT ON COLUMN voiceagent_private.invoice_numbers.place IS 'From 1 on, without gaps.';
SELECT voiceagent_private.guard_table('voiceagent_private.invoice_numbers', 'routing');
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('outlives', 'voiceagent_private.invoice_numbers');

CREATE TABLE voiceagent_private.invoices_due (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	order_id bigint NOT NULL,
	next_at timestamptz NOT NULL,
	problem text,
	PRIMARY KEY (tenant_id, order_id)
);
COMMENT ON TABLE voiceagent_private.invoices_due IS
	'Orders about which to write: they were paid, refunded or refused; 0 stands for credits that are low, -1 for '
	'minutes.';
COMMENT ON COLUMN voiceagent_private.invoices_due.next_at IS 'When; infinity: when there is a seller.';
COMMENT ON COLUMN voiceagent_private.invoices_due.problem IS
	'Why it was not done at the last try; NULL: it was not tried.';
CREATE INDEX invoices_due_next ON voiceagent_private.invoices_due (next_at);
SELECT voiceagent_private.guard_table('voiceagent_private.invoices_due', 'routing', waits => '{next_at}');

CREATE FUNCTION voiceagent_private.want_invoice(order_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
BEGIN
	INSERT INTO voiceagent_private.invoices_due AS d (tenant_id, order_id, next_at)
	VALUES (voiceagent.current_tenant(), want_invoice.order_id, v_now)
	ON CONFLICT ON CONSTRAINT invoices_due_pkey DO UPDATE SET next_at = excluded.next_at;
	PERFORM voiceagent_private.request_job('issue_invoices', v_now);
END
$$;
COMMENT ON FUNCTION voiceagent_private.want_invoice(bigint) IS
	'Has the job issue_invoices look at an order of the current tenant once this transaction has committed.';

CREATE FUNCTION voiceagent_private.order_changed() RETURNS trigger
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.want_invoice(new.order_id);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.order_changed() IS
	'Trigger of payment_orders: one was paid, refunded or refused, and that is to be written to its buyer.';
CREATE TRIGGER invoiced AFTER UPDATE OF state, refunded ON voiceagent.payment_orders FOR EACH ROW
	WHEN (new.state = 'paid' AND (old.state <> 'paid' OR new.refunded > old.refunded)
		OR new.state = 'failed' AND old.state <> 'failed')
	EXECUTE FUNCTION voiceagent_private.order_changed();

CREATE TABLE voiceagent_private.invoice_documents (
	tenant_id bigint NOT NULL,
	invoice_id bigint NOT NULL,
	next_at timestamptz NOT NULL,
	tries integer NOT NULL DEFAULT 0,
	pdf bytea,
	lacks text,
	problem text,
	PRIMARY KEY (tenant_id, invoice_id),
	FOREIGN KEY (tenant_id, invoice_id) REFERENCES voiceagent.invoices
);
COMMENT ON TABLE voiceagent_private.invoice_documents IS
	'Invoices as PDF, for those that have been asked for; the process exporter makes them.';
COMMENT ON COLUMN voiceagent_private.invoice_documents.next_at IS
	'When it is to be made, or counts as not made; once it is there: until when it is kept.';
COMMENT ON COLUMN voiceagent_private.invoice_documents.tries IS 'How often it was begun.';
COMMENT ON COLUMN voiceagent_private.invoice_documents.pdf IS 'The document; NULL: it is being made.';
COMMENT ON COLUMN voiceagent_private.invoice_documents.lacks IS
	'Characters that the font cannot show, which are question marks in it; NULL: none.';
COMMENT ON COLUMN voiceagent_private.invoice_documents.problem IS 'Why it could not be made; NULL: nothing is wrong.';
CREATE INDEX invoice_documents_next ON voiceagent_private.invoice_documents (next_at);
SELECT voiceagent_private.guard_table('voiceagent_private.invoice_documents', 'routing', waits => '{next_at}');
