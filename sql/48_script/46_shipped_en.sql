-- 48_script: the platform's fallback in English, and a playbook to begin with.

SELECT voiceagent_private.register_playbook('general', 'en',
	'Any outreach: say why you call, find out whether it fits, agree on the next step.',
	'Hi {{first_name | default: "there"}}, thanks for picking up. I have a short question for you, and I will keep it '
		'under a minute. Is now a good time?',
	'We help people in your situation, and I would like to find out whether we can help you too. '
		'If it fits, the next step is a short talk with one of our team, at a time that suits you. If it does not, '
		'I will not take any more of your time.',
	'Would you like to set up that short talk now? I can find a time with you, it takes half a minute.',
	ARRAY['What matters most to you here at the moment?', 'How do you handle it today?',
		'Is there anything that would have to change for you?'],
	ARRAY['I have no time.', 'I understand. When would be a better moment? I can call you back then, and keep it '
		'short.',
		'I am not interested.', 'That is fine, thank you for telling me. May I ask whether it is the timing, '
			'or not a topic for you at all?',
		'Send me an e-mail.', 'Gladly. Which address is best, and what should it answer for you?',
		'Where did you get my number?', 'Your details are in the list that we were given for this call. If you would '
			'rather not be called, tell me, and I will see to it that you are not.'],
	ARRAY['Never promise a price, a discount or a date that you were not given.',
		'If the person asks not to be called again, confirm it, and say goodbye.',
		'Ask one question at a time, and wait for the answer.']);

SELECT voiceagent_private.register_playbook('roofing', 'en',
	'Roofing: offer a free inspection to homeowners, and book the visit.',
	'Hi {{first_name | default: "there"}}, we are roofers working in your area, and I am calling about the roof of '
		'your '
		'home. Do you have a minute?',
	'We inspect roofs at no charge: someone takes a look from outside, takes photos, and tells you what is sound and '
		'what '
		'is not. Much of the damage cannot be seen from the street. You get the photos, whatever you decide.',
	'Shall we put the inspection on the calendar? It takes about thirty minutes. Would a morning or an afternoon suit '
		'you '
		'better?',
	ARRAY['Do you own the home?',
		'Our notes say that the house is {{enrichment.property.age}} years old. Is the roof as old?',
		'About how old is the roof?', 'Have you noticed leaks, missing shingles or stains?',
		'Was there a storm or hail lately?', 'Would you be at home for the visit?'],
	ARRAY['My roof is fine.', 'I hope so. The photos would show you that it is, and they cost you nothing.',
		'I am renting.', 'Then it is the owner''s decision. Thank you, I will not take more of your time.',
		'Is this really free?', 'Yes, the inspection is. Work is only done if you order it, after a written quote.',
		'I already have a roofer.', 'Good. A second look before you spend money does no harm; you decide whom to use.',
		'I do not want anyone on my roof.', 'We can do it from the ground and with photos. Nobody climbs up without '
		'your '
			'permission.'],
	ARRAY['Never say that there is damage before somebody has looked.',
		'Do not speak about what an insurer will pay, and give no advice on claims.',
		'Book visits with the owner only.']);
