-- A rate that is no number made every sum of costs none.
DELETE FROM voiceagent.account_rates WHERE price_per_minute = 'NaN';
ALTER TABLE voiceagent.account_rates DROP CONSTRAINT account_rates_price_per_minute_check,
	ADD CONSTRAINT account_rates_price_per_minute_check CHECK (price_per_minute >= 0 AND price_per_minute < 'NaN');
