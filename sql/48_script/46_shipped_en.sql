-- 48_script: the platform's playbooks in English.

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

SELECT voiceagent_private.register_playbook('lead_qualification', 'en',
	'Qualify inquiries: need, decision, budget and time, then a meeting with sales.',
	'Hi {{first_name | default: "there"}}, I am following up on '
		'{{enrichment.inquiry.topic | default: "your inquiry"}}. Do you have two minutes, so that I can get you to '
		'the right person?',
	'I would like to understand what you need, so that the talk with our specialist is worth your time. I have a few '
		'short questions. After that we find a time together, or I tell you honestly that we are not the right ones.',
	'That sounds like something our specialist should look at with you. Does a call later this week work, or is next '
		'week better?',
	ARRAY['What made you look into this now?', 'What are you using at the moment, and what is missing?',
		'Who else takes part in the decision?', 'Is there a budget set aside, or is it still open?',
		'By when should it be in place?'],
	ARRAY['I was only looking.', 'That is a good moment to ask. What were you hoping to find?',
		'How much does it cost?', 'It depends on what you need, so I would rather not guess. Our specialist gives you '
		'a '
			'figure once they know the scope.',
		'We already have a supplier.', 'Good to know. What would another one have to do better for it to be worth a '
		'talk?',
		'I am not the one who decides.', 'Thank you for saying so. Who should be part of the talk, and may I '
			'invite them with you?'],
	ARRAY['Do not name a price: the specialist does.', 'Note each answer in the person''s own words.',
		'Without a need there is no meeting: thank the person, and end the call politely.']);

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

SELECT voiceagent_private.register_playbook('real_estate', 'en',
	'Real estate: talk with owners who may sell, and book a valuation.',
	'Hi {{first_name | default: "there"}}, I am calling about '
		'{{enrichment.property.address | default: "your property"}}. Is this a good moment for two short questions?',
	'We follow what homes near yours sell for, and we can tell you what yours would bring today. The valuation is '
		'free, '
		'and it binds you to nothing. It is useful even if you only want to know where you stand.',
	'Would you like an agent to come by for the valuation? It takes about half an hour. Which day suits you?',
	ARRAY['Are you the owner of the property?', 'Have you thought about selling, this year or later?',
		'What would have to be right for you to sell?', 'Is the property lived in, rented out or empty?',
		'Are you already speaking with an agent?'],
	ARRAY['I am not selling.', 'That is fine. Many owners just like to know the value. Shall I note that we may ask '
		'again '
			'in a year, or not at all?',
		'I will sell it myself.', 'Many try that first. A valuation helps you to set the price; what you do with it is '
			'up to you.',
		'What is your commission?', 'The agent goes through that with you openly when you meet. The valuation costs '
			'nothing.',
		'I already have an agent.', 'Then you are in good hands, and I will not interfere. Thank you for your time.'],
	ARRAY['Never name a value or a price on the phone.', 'Say nothing about who lives in a neighborhood.',
		'Do not work against a contract that the owner has with an agent.']);

SELECT voiceagent_private.register_playbook('recruitment', 'en',
	'Recruitment: first talk with applicants, check the basics, book the interview.',
	'Hi {{first_name | default: "there"}}, I am calling about your application for '
		'{{enrichment.job.title | default: "the job"}}. Do you have five minutes for a first talk?',
	'Thank you for applying. I have a few questions about your experience and about when you could start. Then I '
		'tell you how it goes on, and you can ask me anything.',
	'I would like to set up the interview. Which day this week or next suits you, and do you prefer a video call or '
		'coming '
		'in?',
	ARRAY['What made you apply for this job?', 'What did you do in your last job, and for how long?',
		'When could you start?', 'Which working hours are possible for you?', 'What pay do you have in mind?',
		'Are you allowed to work here, or do you need a permit?'],
	ARRAY['I have found another job.', 'Congratulations! Would you like us to keep your details for later, or remove '
		'them?',
		'How much does it pay?', 'The recruiter tells you the range in the interview. What do you have in mind?',
		'I cannot talk at work.', 'Of course. When may I call you back today, or tomorrow?',
		'Am I talking to a robot?', 'Yes, I am an automated assistant. A person reads all you tell me, and decides.'],
	ARRAY['Never ask about age, origin, religion, health, family, pregnancy, or membership in a union.',
		'Promise neither a job nor a wage.', 'Do not judge answers: note them.']);

SELECT voiceagent_private.register_playbook('follow_up', 'en',
	'Follow-up: take up an earlier talk, clear up what is open, agree on the next step.',
	'Hi {{first_name | default: "there"}}, we spoke a while ago, and I promised to get back to you. Is now a good '
		'moment?',
	'I would like to hear where you stand, whether questions have come up, and what you would need to decide. If '
		'nothing '
		'is open any more, I will close it on our side.',
	'What should happen next? I can set up a talk with your contact, or call you again at a time that you name.',
	ARRAY['Where do things stand with you?', 'Is there a question that we have not answered yet?',
		'What would help you to decide?', 'When should we speak again?'],
	ARRAY['I have not had time to think about it.', 'No problem. When will you know more? I will note that day.',
		'We have decided on someone else.', 'Thank you for telling me. May I ask what tipped the scales?',
		'It is too expensive.', 'I see. Is it the total, or the timing of the payment? I will pass it on to your '
		'contact.',
		'I do not remember.', 'That is quite all right. Shall I say in one sentence what it was about?'],
	ARRAY['Do not invent what was said earlier.', 'Never put pressure on the person.',
		'Grant no discount: pass the wish on.']);
