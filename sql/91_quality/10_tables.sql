/*
 * 91_quality: people judge a sample of calls.
 *
 * A review has a verdict, passed or not; a mark from 1 to 10 and tags are notes
 * beside it.  Nothing is done because of a review: it shows how far people agree
 * with what was concluded from calls, and with each other.  A review goes with
 * its call: by retention, and when a person is erased.
 */

INSERT INTO voiceagent_private.setting_definitions
	(key, kind, default_value, unit, minimum, maximum, levels, least_roles, scaled, description) VALUES
	('review_samples_kept', 'integer', '100', 'samples', '1', '10000', '{platform,tenant}', '{operator,manager}', false,
		'Samples of calls for review that are kept; the oldest give way, reviews stay'),
	('review_tags_max', 'integer', '100', 'tags', '1', '1000', '{platform}', '{operator}', false,
		'Tags for reviews that a tenant may have');
UPDATE voiceagent_private.setting_definitions SET share = 'most' WHERE key = 'review_samples_kept';

CREATE TABLE voiceagent.review_tags (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	tag text NOT NULL CHECK (length(tag) BETWEEN 1 AND 50),
	description text NOT NULL CHECK (length(description) BETWEEN 1 AND 500),
	PRIMARY KEY (tenant_id, tag)
);
COMMENT ON TABLE voiceagent.review_tags IS
	'The tenant''s rubric: tags of its own for reviews, beside the standard ones; list_review_tags() shows both.';
COMMENT ON COLUMN voiceagent.review_tags.tag IS 'The tag.';
COMMENT ON COLUMN voiceagent.review_tags.description IS 'When a reviewer gives it.';
SELECT voiceagent_private.guard_table('voiceagent.review_tags', 'tenant');

CREATE TABLE voiceagent.review_samples (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	sample_id bigint GENERATED ALWAYS AS IDENTITY,
	campaign_id bigint,
	oldest_started_at timestamptz,
	seed bigint NOT NULL,
	created_by text NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, sample_id)
);
COMMENT ON TABLE voiceagent.review_samples IS 'Samples of calls for people to judge: sample_calls() draws one.';
COMMENT ON COLUMN voiceagent.review_samples.sample_id IS 'Number of the sample.';
COMMENT ON COLUMN voiceagent.review_samples.campaign_id IS 'Of whose calls it was drawn; NULL: of all.';
COMMENT ON COLUMN voiceagent.review_samples.oldest_started_at IS 'Of calls that began then or later; NULL: of all.';
COMMENT ON COLUMN voiceagent.review_samples.seed IS 'What its chance began with.';
COMMENT ON COLUMN voiceagent.review_samples.created_by IS 'Which member drew it, in words.';
SELECT voiceagent_private.guard_table('voiceagent.review_samples', 'tenant');

CREATE TABLE voiceagent.review_sample_calls (
	tenant_id bigint NOT NULL,
	sample_id bigint NOT NULL,
	position integer NOT NULL CHECK (position > 0),
	call_id bigint NOT NULL,
	PRIMARY KEY (tenant_id, sample_id, position),
	FOREIGN KEY (tenant_id, sample_id) REFERENCES voiceagent.review_samples ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent.review_sample_calls IS 'The calls of a sample, in the order in which they are judged.';
COMMENT ON COLUMN voiceagent.review_sample_calls.sample_id IS 'The sample.';
COMMENT ON COLUMN voiceagent.review_sample_calls.position IS 'Its place, from 1; a call that is gone leaves a gap.';
COMMENT ON COLUMN voiceagent.review_sample_calls.call_id IS 'The call.';
CREATE INDEX review_sample_calls_call ON voiceagent.review_sample_calls (tenant_id, call_id);
SELECT voiceagent_private.guard_table('voiceagent.review_sample_calls', 'tenant');

CREATE TABLE voiceagent.call_reviews (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	call_id bigint NOT NULL,
	reviewer text NOT NULL CHECK (length(reviewer) BETWEEN 1 AND 400),
	passed boolean NOT NULL,
	score smallint CHECK (score BETWEEN 1 AND 10),
	tags text[] NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 10),
	outcome voiceagent.call_outcome,
	concluded voiceagent.call_outcome,
	note text CHECK (length(note) BETWEEN 1 AND 2000),
	reviewed_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, call_id, reviewer)
);
COMMENT ON TABLE voiceagent.call_reviews IS 'What people said of calls that they listened to or read.';
COMMENT ON COLUMN voiceagent.call_reviews.reviewer IS 'The member, API key or database role that judged, in words.';
COMMENT ON COLUMN voiceagent.call_reviews.passed IS 'The verdict: whether the assistant did its work well.';
COMMENT ON COLUMN voiceagent.call_reviews.score IS 'A mark beside the verdict, 1 (bad) to 10 (good); NULL: none.';
COMMENT ON COLUMN voiceagent.call_reviews.tags IS 'What stood out: list_review_tags().';
COMMENT ON COLUMN voiceagent.call_reviews.outcome IS 'What the reviewer says came of the call; NULL: nothing was said.';
COMMENT ON COLUMN voiceagent.call_reviews.concluded IS 'What had been concluded from the call when it was judged.';
COMMENT ON COLUMN voiceagent.call_reviews.reviewed_at IS 'When it was said last.';
COMMENT ON COLUMN voiceagent.call_reviews.note IS 'The reviewer''s words; NULL: none.';
CREATE INDEX call_reviews_time ON voiceagent.call_reviews (tenant_id, reviewed_at);
SELECT voiceagent_private.guard_table('voiceagent.call_reviews', 'tenant');
