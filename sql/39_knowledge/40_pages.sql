/*
 * 39_knowledge: the text of web pages.  A member asks for a page and goes on;
 * the task pages (bgworkers/outbound/pages.c) fetches it, with no transaction
 * open: ready_pages() says whose turn it is, claim_pages() leases what is due,
 * record_page() takes the answer.  A page whose answer is lost is asked for
 * again when its lease ends.
 */

CREATE TABLE voiceagent_private.page_fetches (
	tenant_id bigint NOT NULL,
	document_id bigint NOT NULL,
	host text NOT NULL,
	tries integer NOT NULL DEFAULT 0,
	next_at timestamptz NOT NULL,
	claimed boolean NOT NULL DEFAULT false,
	PRIMARY KEY (tenant_id, document_id),
	FOREIGN KEY (tenant_id, document_id) REFERENCES voiceagent.knowledge_documents
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent_private.page_fetches IS 'Web pages that wait to be fetched, or are on their way.';
COMMENT ON COLUMN voiceagent_private.page_fetches.host IS 'Host and port of the page''s URL.';
COMMENT ON COLUMN voiceagent_private.page_fetches.tries IS 'How often it was claimed.';
COMMENT ON COLUMN voiceagent_private.page_fetches.next_at IS
	'Not before; while it is claimed: when it counts as lost, and is asked for again.';
COMMENT ON COLUMN voiceagent_private.page_fetches.claimed IS 'True: it is on its way.';
CREATE INDEX page_fetches_due ON voiceagent_private.page_fetches (tenant_id, next_at);
CREATE INDEX page_fetches_claimed ON voiceagent_private.page_fetches (host, tenant_id) WHERE claimed;
SELECT voiceagent_private.guard_table('voiceagent_private.page_fetches', 'routing', waits => '{next_at}');

CREATE FUNCTION voiceagent_private.page_text(body bytea, charset text, html boolean, OUT title text, OUT content text)
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_page_text';
COMMENT ON FUNCTION voiceagent_private.page_text(bytea, text, boolean) IS
	E'The text of a web page as Markdown, and its title.\n'
	'charset: the encoding that its server named; html: false, and it is text as it stands.';

CREATE FUNCTION voiceagent_private.ask_for_page(document_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	INSERT INTO voiceagent_private.page_fetches (tenant_id, document_id, host, next_at)
	SELECT d.tenant_id, d.document_id, lower(substring(d.url FROM '^[A-Za-z]+://([^/?#]*)')), voiceagent.clock()
	FROM voiceagent.knowledge_documents d
	WHERE d.tenant_id = voiceagent.current_tenant() AND d.document_id = ask_for_page.document_id;
	PERFORM voiceagent_private.poke('pages');
END
$$;
COMMENT ON FUNCTION voiceagent_private.ask_for_page(bigint) IS
	'Has the page of a document of the current tenant fetched once this transaction has committed.';

CREATE FUNCTION voiceagent.add_knowledge_page(url text, name text DEFAULT NULL, language text DEFAULT 'en-US')
	RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_document voiceagent.knowledge_documents;
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	PERFORM voiceagent_private.fail_if(coalesce(length(url), 0) NOT BETWEEN 1 AND 2000, 'PT422',
		'a page needs a URL of 1 to 2000 characters', format('url has %s.', coalesce(length(url), 0)));
	url := voiceagent_private.check_target_url(url, voiceagent_private.platform_setting('knowledge_private_hosts'));
	v_document := voiceagent_private.new_document(coalesce(name, left(url, 200)), 'page', language, url);
	PERFORM voiceagent_private.ask_for_page(v_document.document_id);
	RETURN v_document.document_id;
END
$$;
COMMENT ON FUNCTION voiceagent.add_knowledge_page(text, text, text) IS
	E'Adds a web page as a document, and returns its id; a worker reads it soon (status ready or failed).\n'
	'url: https, of a public host; redirects are not followed. name: default the page''s title; language: BCP 47 tag. '
	'Scripts, navigation and forms'' fields are left out. PT409 for a name that another document has; PT413 for '
	'more documents than the tenant may have, PT422.';

CREATE FUNCTION voiceagent.refresh_knowledge_page(document_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_document voiceagent.knowledge_documents;
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	v_document := voiceagent_private.lock_document(document_id);
	PERFORM voiceagent_private.fail_if(v_document.kind <> 'page', 'PT409', 'the document is no web page',
		format('It is %s.', v_document.kind), 'update_knowledge() replaces its text.');
	IF v_document.status = 'fetching' THEN
		RETURN;
	END IF;
	UPDATE voiceagent.knowledge_documents d SET status = 'fetching'
	WHERE d.tenant_id = v_document.tenant_id AND d.document_id = v_document.document_id;
	PERFORM voiceagent_private.ask_for_page(v_document.document_id);
END
$$;
COMMENT ON FUNCTION voiceagent.refresh_knowledge_page(bigint) IS
	E'Has a web page read again; a text that has changed is the document''s next version.\n'
	'While it is being read already: no effect. PT404, PT409 for a document that is no page.';

SELECT voiceagent_private.make_queue('pages', 'voiceagent_private.page_fetches', share => 2);

CREATE FUNCTION voiceagent_private.claim_pages(max_pages integer, OUT document_id bigint, OUT url text,
	OUT private_host boolean, OUT timeout_ms integer, OUT problem text) RETURNS SETOF record
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_allowed text := voiceagent_private.platform_setting('knowledge_private_hosts');
	v_timeout interval := voiceagent_private.as_interval(voiceagent_private.platform_setting('knowledge_page_timeout'));
	v_tries integer := voiceagent_private.platform_setting('knowledge_page_tries')::integer;
	v_tried integer;
	v_full text[];
	-- Pages of one host on their way at a time, whoever asks for them: half of the worker's.
	c_of_host CONSTANT integer := 8;
BEGIN
	v_full := ARRAY(SELECT o.host FROM voiceagent_private.page_fetches o WHERE o.claimed AND o.next_at > v_now
		GROUP BY o.host HAVING count(*) >= c_of_host);
	FOR claim_pages.document_id, claim_pages.url, v_tried IN
		SELECT f.document_id, d.url, f.tries FROM voiceagent_private.page_fetches f
		CROSS JOIN LATERAL (SELECT k.url FROM voiceagent.knowledge_documents k
			WHERE k.tenant_id = v_tenant AND k.document_id = f.document_id OFFSET 0) d
		WHERE f.tenant_id = v_tenant AND f.next_at <= v_now AND f.host <> ALL (v_full)
		ORDER BY f.next_at LIMIT voiceagent_private.room_for_pages(v_tenant, max_pages) FOR UPDATE OF f SKIP LOCKED
	LOOP
		UPDATE voiceagent_private.page_fetches f
		SET claimed = true, tries = f.tries + 1, next_at = v_now + v_timeout + interval '20 seconds'
		WHERE f.tenant_id = v_tenant AND f.document_id = claim_pages.document_id;
		private_host := voiceagent_private.is_allowed_host(url, v_allowed);
		timeout_ms := (extract(epoch FROM v_timeout) * 1000)::integer;
		problem := CASE WHEN url IS NULL THEN 'the document is no page'
			WHEN NOT private_host AND url NOT LIKE 'https://%' THEN 'the platform no longer allows this host'
			-- A page that ends whoever reads it must not do so again and again.
			WHEN v_tried >= v_tries THEN 'its answer was lost as often as knowledge_page_tries allows' END;
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.claim_pages(integer) IS
	'Pages of the current tenant that are due, at most so many and two at a time, of a host no more than eight of all '
	'tenants, leased from now: where each lies, '
	'whether that may be an address of our own network, how long to wait, and why it is not to be asked for at all.';

CREATE FUNCTION voiceagent_private.page_failed(document_id bigint, reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE voiceagent.knowledge_documents d SET status = 'failed', status_reason = left(reason, 500)
	WHERE d.tenant_id = voiceagent.current_tenant() AND d.document_id = page_failed.document_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.page_failed(bigint, text) IS
	'Notes why a page could not be read; what was read of it before stays in use.';

CREATE FUNCTION voiceagent_private.read_page(document voiceagent.knowledge_documents, content_type text, body bytea)
	RETURNS void LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_type text := lower(btrim(split_part(coalesce(content_type, ''), ';', 1)));
	v_charset text := substring(lower(content_type) FROM 'charset\s*=\s*"?([a-z0-9_-]{1,40})');
	v_page record;
BEGIN
	IF v_type NOT IN ('text/html', 'application/xhtml+xml', 'text/plain', 'text/markdown') THEN
		PERFORM voiceagent_private.page_failed(document.document_id,
			format('it is no page of text: its server says %s', coalesce(nullif(v_type, ''), 'nothing of its type')));
		RETURN;
	END IF;
	SELECT * INTO v_page FROM voiceagent_private.page_text(body, v_charset,
		v_type IN ('text/html', 'application/xhtml+xml'));
	-- An error of the page is reported to its owner; any other (a lock, memory) is ours.
	BEGIN
		PERFORM voiceagent_private.require_content(v_page.content);
		PERFORM voiceagent_private.write_document(document, v_page.content);
	EXCEPTION WHEN SQLSTATE 'PT413' OR SQLSTATE 'PT422' THEN
		PERFORM voiceagent_private.page_failed(document.document_id, SQLERRM);
		RETURN;
	END;
	UPDATE voiceagent.knowledge_documents d
	SET status = 'ready', status_reason = NULL,
		-- A title that another document has is no name.
		name = CASE WHEN d.name = left(d.url, 200) AND NOT EXISTS (SELECT FROM voiceagent.knowledge_documents o
				WHERE o.tenant_id = document.tenant_id AND lower(o.name) = lower(left(btrim(v_page.title), 200)))
			THEN coalesce(nullif(left(btrim(v_page.title), 200), ''), d.name) ELSE d.name END
	WHERE d.tenant_id = document.tenant_id AND d.document_id = document.document_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.read_page(voiceagent.knowledge_documents, text, bytea) IS
	'Makes the text of a page that was fetched the current version of its document, which is locked; or notes why '
	'that is not possible.';

CREATE FUNCTION voiceagent_private.record_page(document_id bigint, http_status integer, error text, content_type text,
	body bytea, wait integer) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_document voiceagent.knowledge_documents;
	v_tries integer;
	c_rest CONSTANT interval := '30 seconds';
BEGIN
	PERFORM FROM voiceagent.knowledge_documents d
	WHERE d.tenant_id = v_tenant AND d.document_id = record_page.document_id;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	v_document := voiceagent_private.lock_document(record_page.document_id);
	SELECT f.tries INTO v_tries FROM voiceagent_private.page_fetches f
	WHERE f.tenant_id = v_tenant AND f.document_id = record_page.document_id FOR UPDATE;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	-- No answer, or one that may be another in a while.
	IF error IS NOT NULL AND (http_status IS NULL OR http_status IN (408, 425, 429) OR http_status >= 500)
		AND error NOT IN ('the answer is too large', 'the platform no longer allows this host')
		AND v_tries < voiceagent_private.platform_setting('knowledge_page_tries')::integer THEN
		UPDATE voiceagent_private.page_fetches f
		SET claimed = false, next_at = voiceagent.clock()
			+ greatest(c_rest * power(2, v_tries - 1), least(coalesce(wait, 0), 3600) * interval '1 second')
		WHERE f.tenant_id = v_tenant AND f.document_id = record_page.document_id;
		UPDATE voiceagent.knowledge_documents d SET status_reason = left(error, 500)
		WHERE d.tenant_id = v_tenant AND d.document_id = record_page.document_id;
		RETURN true;
	END IF;
	DELETE FROM voiceagent_private.page_fetches f
	WHERE f.tenant_id = v_tenant AND f.document_id = record_page.document_id;
	IF error IS NOT NULL THEN
		PERFORM voiceagent_private.page_failed(record_page.document_id, error);
	ELSE
		PERFORM voiceagent_private.read_page(v_document, content_type, body);
	END IF;
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_page(bigint, integer, text, text, bytea, integer) IS
	E'The result of asking for a page of the current tenant: HTTP status or NULL, why it failed or NULL, its type '
	'and bytes, Retry-After in seconds or NULL.\n'
	'It is read, asked for again later, or given up with the reason. False: it is no longer awaited.';

CREATE FUNCTION voiceagent_private.check_pages() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	SELECT 'a page waits to be fetched exactly while its document is being read',
		format('document %s', coalesce(d.document_id, f.document_id))
	FROM (SELECT * FROM voiceagent.knowledge_documents o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.status = 'fetching') d
	FULL JOIN (SELECT * FROM voiceagent_private.page_fetches o
		WHERE o.tenant_id = voiceagent.current_tenant()) f ON f.document_id = d.document_id
	WHERE d.document_id IS NULL OR f.document_id IS NULL
$$;
COMMENT ON FUNCTION voiceagent_private.check_pages() IS 'Violations of the invariant of pages for the current tenant.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_pages');
