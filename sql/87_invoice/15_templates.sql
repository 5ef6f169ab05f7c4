-- 87_invoice: what mails about money say.

INSERT INTO voiceagent.mail_templates (kind, class, language, subject, body) VALUES
('invoice', 'billing', 'en', '{{title}} {{number}}', E'{{text}}\n{{business}}'),
('invoice', 'billing', 'es', '{{title}} {{number}}', E'{{text}}\n{{business}}'),
('invoice', 'billing', 'fr', '{{title}} {{number}}', E'{{text}}\n{{business}}'),
('invoice', 'billing', 'de', '{{title}} {{number}}', E'{{text}}\n{{business}}'),
('receipt', 'billing', 'en', 'Payment received: {{price}} {{currency}}',
	E'We have received {{price}} {{currency}} for {{pack}} ({{credits}} credits, order {{order_id}}).\n\n{{business}}'),
('receipt', 'billing', 'es', 'Pago recibido: {{price}} {{currency}}',
	E'Hemos recibido {{price}} {{currency}} por {{pack}} ({{credits}} créditos, pedido {{order_id}}).\n\n{{business}}'),
('receipt', 'billing', 'fr', 'Paiement reçu : {{price}} {{currency}}',
	E'Nous avons reçu {{price}} {{currency}} pour {{pack}} ({{credits}} crédits, commande {{order_id}}).\n\n'
	'{{business}}'),
('receipt', 'billing', 'de', 'Zahlung erhalten: {{price}} {{currency}}',
	E'Wir haben {{price}} {{currency}} für {{pack}} erhalten ({{credits}} Credits, Bestellung {{order_id}}).\n\n'
	'{{business}}'),
('payment_failed', 'billing', 'en', 'A payment has failed',
	E'The payment of {{price}} {{currency}} for {{pack}} (order {{order_id}}) has failed: {{reason}}\n\n'
	'Nothing was credited to {{business}}.'),
('payment_failed', 'billing', 'es', 'Un pago ha fallado',
	E'El pago de {{price}} {{currency}} por {{pack}} (pedido {{order_id}}) ha fallado: {{reason}}\n\n'
	'No se ha abonado nada a {{business}}.'),
('payment_failed', 'billing', 'fr', 'Un paiement a échoué',
	E'Le paiement de {{price}} {{currency}} pour {{pack}} (commande {{order_id}}) a échoué : {{reason}}\n\n'
	'Rien n''a été crédité à {{business}}.'),
('payment_failed', 'billing', 'de', 'Eine Zahlung ist fehlgeschlagen',
	E'Die Zahlung von {{price}} {{currency}} für {{pack}} (Bestellung {{order_id}}) ist fehlgeschlagen: {{reason}}\n\n'
	'{{business}} wurde nichts gutgeschrieben.'),
('credits_low', 'billing', 'en', 'Few credits are left',
	E'{{business}} has {{balance}} credits left. Without credits nobody is called.'),
('credits_low', 'billing', 'es', 'Quedan pocos créditos',
	E'A {{business}} le quedan {{balance}} créditos. Sin créditos no se llama a nadie.'),
('credits_low', 'billing', 'fr', 'Il reste peu de crédits',
	E'Il reste {{balance}} crédits à {{business}}. Sans crédits, personne n''est appelé.'),
('credits_low', 'billing', 'de', 'Wenig Guthaben',
	E'{{business}} hat noch {{balance}} Credits. Ohne Credits wird niemand angerufen.'),
('minutes_low', 'billing', 'en', 'Few prepaid minutes are left',
	E'{{business}} has {{balance}} prepaid minutes left. Calls without minutes are paid in credits.'),
('minutes_low', 'billing', 'es', 'Quedan pocos minutos prepagados',
	E'A {{business}} le quedan {{balance}} minutos prepagados. Las llamadas sin minutos se pagan con créditos.'),
('minutes_low', 'billing', 'fr', 'Il reste peu de minutes prépayées',
	E'Il reste {{balance}} minutes prépayées à {{business}}. Les appels sans minutes sont payés en crédits.'),
('minutes_low', 'billing', 'de', 'Wenige Minuten sind übrig',
	E'{{business}} hat noch {{balance}} bezahlte Minuten. Anrufe ohne Minuten werden mit Credits bezahlt.');
