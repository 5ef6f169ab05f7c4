/* What the page says, in Spanish; texts.js loads one of these.  The keys are those of words-en.js. */
export default `
today|Hoy
campaigns|Campañas
calls|Llamadas
leads|Contactos
waiting|Pendiente
appointments|Citas
incoming|Entrantes
agents|Agentes
calendars|Calendarios
listings|Ofertas
assistants|Asistentes
money|Créditos
figures|Cifras
team|Equipo
email|Correo electrónico
password|Contraseña
log_in|Entrar
log_out|Salir
everywhere|Cerrar todas las sesiones
ended|Su sesión ha terminado. Entre de nuevo.
which|¿Qué empresa?
language|Idioma
skip|Ir al contenido
loading|Cargando …
none|Ninguno.
not_found|Esta página no existe.
more|Más
save|Guardar
cancel|Cancelar
reason|Motivo
live|En curso
answered|Contestadas
opted_out|Bajas
credits|Créditos
credits_a_call|Créditos por llamada
spent|Gastado
minutes|Minutos
available|Disponible
held|Retenido
hours|Llamadas por hora
next|Próximas citas
partly|Solo se cuentan las últimas 10.000 llamadas.
name|Nombre
status|Estado
progress|Progreso
actions|Acciones
start|Iniciar
pause|Pausar
resume|Reanudar
preview|Antes de iniciar
confirm|Confirmar
type_this|Para que se llame a personas reales, escriba
reject|Rechazar
new_campaign|Nueva campaña
all_leads|Añadir todos los contactos
assistant|Asistente
create|Crear
when|Cuándo
who|Quién
phone|Teléfono
outcome|Resultado
duration|Duración
summary|Resumen
you_say|Usted dice
send|Enviar
talk|Conversación
found|Lo acordado o dicho
steps|Desarrollo de la llamada
checks|Por qué se permitió
cost|Coste
campaign|Campaña
stage|Etapa
last_call|Última llamada
next_try|Próximo intento
upload|Subir un archivo CSV
drop|Suelte aquí un archivo o elija uno.
country|País de los números sin prefijo
rows|Filas
imported|Importadas
importable|Se pueden importar
rejected|Rechazadas
duplicate|Duplicadas
do_not_call|No llamar
updated|Actualizadas
problems|Problemas
row|Fila
column|Columna
value|Valor
tasks|Tareas
others|Por resolver
done|Hecho
release|Liberar
placed|Tuvo lugar
not_placed|No tuvo lugar
said|Dicho
numbers|Números
forward|Desvía a
new_assistant|Nuevo asistente
profile|Perfil
go_on|Continuar
back|Atrás
finish|Crear el asistente
step|Paso
add|Añadir
remove|Quitar
yes|Sí
no|No
version|Versión
first_message|Primer mensaje
prompt|Lo que se le dice al asistente
statement|Movimientos
prices|Precios
role|Rol
active|Activo
new_member|Nuevo miembro
api_keys|Claves de API
label|Etiqueta
new_key|Nueva clave de API
shown_once|Esta clave se muestra una sola vez:
revoke|Revocar
search|Buscar
words|Palabras dichas
from|Desde
until|Hasta
any|Todos
direction|Dirección
inbound|entrante
outbound|saliente
call|Llamada
sort|Ordenar por
added|Fecha de alta
what|Qué
speaker_assistant|Asistente
speaker_customer|Cliente
pending|por confirmar
conflict|conflicto
confirmed|confirmada
rejected_one|rechazada
cancelled|cancelada
draft|borrador
running|en marcha
paused|pausada
completed|completada
stopped|detenida
no_answer|sin respuesta
busy|ocupado
voicemail|buzón de voz
failed|fallida
canceled|cancelada
scheduled|cita acordada
callback|volver a llamar
interested|interesado
not_interested|no interesado
do_not_call_one|no quiere llamadas
wrong_number|número equivocado
unfinished|colgó pronto
contacted|contactado
new|nuevo
settle|Llamada
grant|Crédito añadido
hold|Retención
late_callback|devolución atrasada
law|cambio de ley
accept|Aceptar
uncertain_outcome|resultado incierto
low_balance|saldo bajo
approval|gasto por aprobar
tool|herramienta desactivada
unresolved_call|llamada sin aclarar
unproved|sin prueba
supported|probado
denied|desmentido
files|Archivos
new_file|Nuevo archivo
format|Formato
load|Descargar
schedules|Archivos automáticos
new_schedule|Nueva programación
every_day|cada día
every_week|cada semana
every_month|cada mes
transcripts|Transcripciones
ledger|Movimientos
analytics|Cifras diarias
quality|Conversaciones evaluadas
questions|Preguntas
no_connection|Sin conexión. Lo último puede no haber llegado: compruébelo antes de repetirlo.
too_slow|Ha tardado demasiado. Acótelo: más palabras, menos días.
server_fault|No ha funcionado. Inténtelo de nuevo en un momento.
rehearsed|Ensayadas
passed|Aprobadas
score|Nota
not_passed|Últimas no aprobadas
removed|eliminado
forgotten|¿Ha olvidado la contraseña?
send_link|Enviarme un enlace
reset_sent|Si la dirección tiene acceso, le llegará un enlace.
new_password|Nueva contraseña
password_set|La contraseña está guardada.
unsubscribe|No enviarme más correos
unsubscribed|Ya no se envían estos correos a
recording|Grabación
change|Cambiar
sure|¿Seguro?
new_number|Añadir un número
open_from|Abre a las
open_until|Cierra a las
in_hours|Quién contesta en ese horario
after_hours|Quién contesta fuera de él
by_itself|Vacío: según lo que tenga el número.
answer_assistant|el asistente
answer_forward|el número de desvío
answer_message|un mensaje
answer_reject|nadie: se rechaza
greeting|Saludo
closed_message|Mensaje fuera de horario
other_days|Otros días
other_days_help|Una línea cada uno: 2026-12-24 closed, o 12-31 09:00-12:00, o DE closed (festivos de un país).
timezone|Zona horaria
known_only|Solo contactos conocidos
calls_per_day|Llamadas al día, máximo
calls_per_caller|... de un mismo número
calendar|Calendario
new_agent|Nuevo agente
phones|Teléfonos
phones_help|Separados por comas; se llama al primero.
tier|Turno
tier_help|El más bajo va primero.
skills|Capacidades
member|Miembro
wrap_up|Minutos libres tras una llamada
open_hours|Horario
week_help|09:00-12:00, 13:00-17:00. Todo vacío: siempre.
day_help|10:00-14:00. Vacío: cerrado.
always|siempre
closed|cerrado
inactive|desactivado
busy_now|ocupado
there|disponible
away|ausente
transfers|Transferidas
put_through|transferida
not_taken|no atendida
new_calendar|Nuevo calendario
new_day|Horario de un día
slot_length|Minutos por cita
buffer_before|Minutos libres antes
buffer_after|Minutos libres después
notice|Minutos de antelación
day_limit|Citas al día, máximo
capacity|A la vez
holidays|Cerrado en festivos de
booking_confirms|Las reservas se confirman
at_once|al momento
by_person|por una persona
people|Personas
new_kind|¿Qué ofrece?
real_estate|Inmuebles
services|Servicios
new_listing|Nueva oferta
reference|Referencia
unknown_words|Nada tiene estas palabras
approvals|Por aprobar
approve|Aprobar
approved|aprobado
spend_start|Inicio de
spend_purchase|Pedido
estimate|Estimación
packs|Paquetes de créditos
price|Precio
buy|Comprar
pay|Pagar
pay_embedded|Pagar (prueba, sin dinero)
orders|Pedidos
paid|pagado
waiting_approval|espera aprobación
expired|caducado
by_days|Extracto por días
show|Mostrar
balance|Saldo
columns|Columnas del archivo
first_rows|Primeras filas
taken_for|Se toma por
left_out|se omite
as_context|se guarda con su título
lacks_phone|¿Qué columna es el teléfono?
check|Solo comprobar
import|Importar
checked|Comprobado, nada importado:
checked_part|Se comprobó el principio, nada importado:
first_name|nombre
last_name|apellido
company|empresa
priority|prioridad
dry_run|solo comprobado
undone|deshecho
open|abierto
finished|terminado
calls_from|Llamar desde
calls_until|Llamar hasta
country_column|País
axis|La conversación, desde el comienzo
not_heard|La grabación no se puede cargar ahora.
speaker_system|Sistema
speaker_tool|Herramienta
speaker_unknown|Alguien
kept_filters|Búsquedas guardadas
keep_filter|Guardar esta búsqueda
words_of_lead|Nombre, empresa, número
tag|Etiqueta
calling|en llamada
retry|por volver a llamar
accounts|Cuentas
plan|Plan
plans|Planes
choose|Elegir
change_to|Cambiar a este
cancel_plan|Cancelar el plan
keep_plan|Mantener el plan
next_plan|después
has|Incluye
trialing|de prueba
past_due|pago atrasado
incomplete|aún sin pagar
invoices|Facturas
invoice|factura
credit_note|abono
number|Número
tax|Impuesto
billing_details|Facturas a nombre de
address|Dirección
tax_number|Número fiscal
methods|Medios de pago
add_method|Añadir tarjeta de prueba
top_up|Compra automática
below|Con créditos por debajo de
a_month|Al mes como máximo
stop|Detener
grants|Origen de los créditos
gift|regalo
purchase|compra
allocation|del plan
refund|reembolso
rollover|acumulado
used|usado
tools|Herramientas
own_tools|Herramientas propias
new_own_tool|Nueva herramienta
description|Para qué sirve
parameters|Qué se le dice
arguments|Argumentos
new_secret|Nuevo secreto
times|Tiempo de respuesta
recognised|Oído
thought|Pensado
spoken|Dicho
vendor|Proveedor
carrier|Operador
carriers|Operadores
new_carrier|Nueva cuenta de operador
models|Modelos, oídos y voces
new_model|Nueva cuenta de proveedor
key|Clave
model|Modelo
base_url|Dirección, si es otra
voice|Voz
in_calls|Lugar en llamadas
in_calls_help|1 va primero; vacío: no en llamadas propias.
armed|Puede llamar desde
test|Probar
tests|Qué vieron los interlocutores
simulate|Simular
switch_off|Desactivar
switch_on|Activar
tickets|Consultas
ticket|Consulta
new_ticket|Consultarnos
subject|Asunto
category|Tema
reply|Responder
resolve|Está resuelto
technical|algo no funciona
billing|dinero
feature_request|un deseo
account|acceso y ajustes
phone_number_request|un número de teléfono
resolved|resuelta
message|Mensaje
needs_you|Le necesita
outreach|Captación
conversations|Conversaciones
voice_group|Voz
business|Negocio
receptionist|Recepción
catalogue|Catálogo
reports|Informes
billing_page|Facturación
settings|Ajustes
help|Ayuda
connections|Conexiones
custom_tools|Herramientas propias
hours_and_calendars|Horarios y calendarios
pages|Páginas
close|Cerrar
look|Colores
look_system|Como el sistema
look_light|Claro
look_dark|Oscuro
role_owner|Propietario
role_manager|Gestor
role_agent|Miembro
role_viewer|Solo lectura
credits_left|créditos
about_days|unos % días
live_short|en vivo
find|Buscar
find_help|Un nombre, un número, palabras dichas, una página
nothing_found|Nada tiene esas palabras.
now|ahora
review|Revisar
thing_needs_you|asunto le necesita.
things_need_you|asuntos le necesitan.
needs_hold|bajas dudosas
needs_appointment|citas por confirmar
needs_conflict|conflictos por resolver
needs_approval|por aprobar
needs_late_callback|llamadas atrasadas
needs_task|promesas por cumplir
needs_campaign|campañas en espera
needs_unresolved_call|llamadas sin final
needs_uncertain_outcome|resultados inciertos
needs_low_balance|saldo bajo
needs_ticket|respuestas por leer
needs_tool|herramientas apagadas
needs_calendar|calendarios con fallos
need_hold|Baja dudosa
need_appointment|Cita por confirmar
need_conflict|Conflicto de hora
need_approval|Gasto por aprobar
need_late_callback|Llamada atrasada
need_task|Prometido
need_campaign|Campaña en espera
need_unresolved_call|Llamada sin final
need_uncertain_outcome|Resultado incierto
need_tool_conflict|Dos versiones de una llamada
need_low_balance|Saldo bajo
need_ticket|Respuesta a su pregunta
need_tool|Herramienta apagada
need_calendar|Calendario con fallos
then_hold|Las llamadas a este número esperan hasta que usted diga si fue una baja.
then_appointment|Una vez confirmada ocupa su hora, y sale una invitación si hay dirección.
then_conflict|Se acordó en la llamada, pero no es posible a esa hora. Ofrezca otra.
then_approval|No se gasta nada hasta que alguien lo apruebe.
then_late_callback|Se prometió una llamada, y su hora ha pasado.
then_task|Se prometió una persona. Queda aquí hasta que alguien lo haga.
then_campaign|Sus contactos esperan hasta que la revise y la inicie.
then_unresolved_call|Nadie dijo si esta llamada tuvo lugar; hasta entonces sus créditos quedan retenidos.
then_uncertain_outcome|Las palabras lo dejan abierto. Mire, y acepte o corrija el resultado.
then_tool_conflict|Una herramienta anotó una cosa en la llamada y las palabras dicen otra.
then_low_balance|Cuando no alcanza para una llamada, las campañas esperan.
then_ticket|Léala, responda o diga que está resuelto.
then_tool|Las llamadas siguen sin ella hasta que se encienda.
then_calendar|Las citas pueden caer en horas ocupadas.
needs_law|cambios de ley
need_law|Cambia la ley
then_law|Revise antes de ese día qué significa para la campaña.
what_happened|Qué pasó
may_call_now|¿Podemos llamar ahora?
may_call_by|Según el horario legal y su lista de exclusión; una campaña pide además consentimiento y tiene su propio horario.
lead_added|Llegó a sus contactos
consent_call|Aceptó llamadas
consent_recording|Aceptó grabaciones
consent_revoked|Retiró su consentimiento
time_taken|Esa hora no está libre
another_time|Otra hora …
another_time_on|La nueva hora
offer_time|Mover
correct_it|Corregir …
never_call|No llamar nunca más
said_so|pidió no recibir llamadas, confirmado por una persona
only_managers|Lo decide un propietario o un gestor.
why_we_think_so|Por qué lo creemos
hear_call|Abrir la llamada
about_it|Detalles
nothing_waits|Nada le necesita. Lo que haya que decidir llega aquí, con las palabras dichas.
open_money|Abrir facturación
open_campaigns|Abrir campañas
open_tickets|Abrir ayuda
open_own_tools|Abrir herramientas
open_calendars|Abrir calendarios
open_assistants|Abrir asistentes
open_accounts|Abrir conexiones
open_leads|Abrir contactos
open_incoming|Abrir números
open_waiting|Ver lo que le necesita
not_answered|Sin respuesta
for_each_appointment|por cita
no_calls_yet|Hoy no ha terminado ninguna llamada. El gráfico empieza con la primera.
running_campaigns|Campañas en marcha
all_campaigns|Todas las campañas
latest_results|Últimos resultados
all_calls|Todas las llamadas
calls_word|llamadas
nobody_called|Ahora no hay nadie en línea.
none_agreed|Las citas confirmadas llegan aquí.
first_steps|Primeros pasos
first_assistant|Crear un asistente
first_assistant_help|Diez preguntas; hay respuestas listas para su ramo.
first_assistant_do|Crear
first_leads|Traiga sus contactos
first_leads_help|Un archivo con nombres y números; se comprueba antes de guardar nada.
first_leads_do|Importar
first_campaign|Crear una campaña
first_campaign_help|Dice a quién llama qué asistente, y cuándo.
first_campaign_do|Crear
first_start|Revisar e iniciar
first_start_help|Ve lo que hará y costará; sin operador las llamadas son ensayos.
first_start_do|Revisar
lead|contacto
leads_word|contactos
over_a_year|más de un año
ahead_stands|Antes de iniciar, por resolver: %.
ahead_ready|Nada se lo impide.
ahead_leads|Se puede llamar a % de % contactos, a % ahora
ahead_lawful|Solo en horas permitidas en el reloj de cada contacto.
ahead_rehearsal|Un ensayo: no se llama a nadie de verdad.
ahead_cost|Cuesta unos % créditos; hay % créditos
ahead_most|Nunca más de %; una llamada retiene % hasta que termina.
ahead_pace|Hasta % llamadas a la vez, unas % por hora
ahead_done|Termina hacia %.
ahead_from|Como fueron % llamadas anteriores; % % se contestaron.
ahead_no_calls|No hay llamadas anteriores: son estimaciones.
c_business|Este espacio está desactivado
c_assistant_off|Su asistente está apagado
c_account_off|Su conexión está apagada
c_not_armed|Su conexión aún no puede llamar a personas reales
c_unreachable|El operador no puede alcanzarnos: falta nuestra dirección
c_rests|El operador tiene fallos; su conexión descansa
c_numberless|A su conexión le falta algo para llamar
c_confirm|Nadie ha dicho que puede llamar a personas reales
c_confirm_help|Escriba las palabras de abajo.
c_paused|Está en pausa
c_credits|No hay créditos para una llamada
c_cap|Se alcanzó su límite de gasto
c_archived|Está archivada
c_expired|Su último día ha pasado
c_nameless|La ley exige su nombre al empezar, y falta
c_unheard|La ley exige decir cómo detener las llamadas
c_long|Un texto es demasiado largo para el operador
c_no_speech_input|El operador no distingue contestadores
c_variables|A los contactos les falta lo que dice el asistente
c_variables_help|Dé el valor a esos contactos, o quítelos.
c_no_leads|No tiene contactos que llamar
c_call_back|Quien devuelva la llamada no recibe respuesta aquí
c_call_back_help|Añada el número en Recepción y el asistente contesta.
c_untested|Nadie ha oído al asistente por esta conexión
c_untested_help|Haga que le llame a usted primero.
c_approval|El inicio esperará una aprobación
c_tool|Antes de cada llamada se consulta una herramienta; aquí no
b_completed|terminados
b_failed|abandonados
b_skipped|omitidos
b_expired|demasiado tarde
b_list|falta la lista nacional de exclusión o es antigua
b_stop|no se les puede llamar
b_variable|sin un dato que dice el asistente
b_tries|sin más intentos
b_wrong|número equivocado
b_consent|sin consentimiento registrado
b_name|la ley exige su nombre, y falta
b_zone|hora local desconocida
b_hours|ninguna hora permitida
no_match|Nada coincide con lo que pidió.
remove_filters|Quitar filtros
no_talk|No se dijo nada en esta llamada.
nobody|nadie
each|unidad
minute|minuto
initial_credits|Crédito inicial
sandbox|Solo ensayos
rule_law|Ley
rule_do_not_call|Listas de exclusión
needs_assistant|Una campaña necesita un asistente que llame.
e_campaigns|Una campaña dice a quién llama qué asistente, y cuándo.
e_leads|Los contactos son las personas a las que se llama. Vienen de un archivo con nombres y números.
e_calls|Cada llamada aparece aquí, con lo que se dijo y su resultado.
e_appointments|Aquí aparecen las citas que se acuerdan en una llamada.
e_numbers|Registre un número suyo y un asistente lo contestará.
e_agents|Personas a las que un asistente puede pasar una llamada.
e_transfers|Aquí aparecen las llamadas que un asistente pasó a una persona.
e_calendars|Un calendario dice cuándo puede haber citas.
e_files|Llamadas, contactos o cifras diarias en un archivo que usted descarga.
e_schedules|Un archivo puede crearse solo cada día, semana o mes.
e_models|Aquí aparecen los proveedores que escuchan, piensan y hablan en sus llamadas.
e_keys|Una clave permite que un programa suyo trabaje con sus datos.
e_tickets|Lo que nos pregunta aparece aquí, con nuestra respuesta.
e_tools|Con una herramienta, un asistente consulta un servidor suyo durante la llamada.
c_cap_day|Su límite de gasto de hoy se ha alcanzado
c_cap_tenant|Su límite de gasto diario se ha alcanzado
c_law|La ley cambia donde viven algunas de estas personas
b_calling|se están llamando
b_enough|han tenido todas las llamadas permitidas
b_mute|la conexión no puede decir lo que exige la ley
b_other|no se pueden llamar
simulated|Las próximas dos semanas, en una copia
as_table|Ver como tabla
when_answered|Cuándo contestan
when_answered_note|Llamadas contestadas en %, en su hora
best_hour|Lo mejor hasta ahora: % a las %, % contestadas.
done_of|hecho de
p_done|Terminados
p_lost|Abandonados
p_out|Excluidos
p_live|En llamada
p_rest|Por llamar
how_ended|Cómo terminaron las llamadas
funnel|De la llamada a la cita
funnel_says|De % conversaciones con una persona, % acabaron en cita.
f_called|Llamadas
f_reached|Conversaciones
f_interested|Interesados
f_booked|Citas
by_day|Llamadas y citas por día
lines|Líneas
of_lines|% de % en uso
pace|Ritmo
last_hour|% llamadas en la última hora
next_call|Próxima llamada
to_come|Por venir
each_appointment|Cada cita
right_now|Ahora mismo
add_some|Añadir
tab_overview|Resumen
tab_ahead|Antes de empezar
tab_settings|Ajustes
start_ask|Empezar …
start_this|Empezar
start_now|Empezar ahora
not_yet|Todavía no
ahead_stands_one|Antes de empezar hay que arreglar una cosa.
rehearsal|ensayo
saved|Guardado.
leads_in|Contactos añadidos
create_campaign|Crear la campaña
g_who|Quién llama a quién
g_when|Cuándo
g_when_help|Según la hora de cada persona; las horas legales rigen siempre.
g_pace|Ritmo
g_usual|Lo que quede vacío sigue el valor de su espacio, en gris.
g_again|Reintentos
g_money|Límites de gasto
g_money_help|En créditos; 0 es sin límite.
whom|Añadir contactos
leads_none|ninguno ahora
leads_of_import|Importados %: %
leads_with_tag|Solo con la etiqueta
calls_with|Llama con estos números
days|Días
hours_by_day|Tiene horas propias para cada día, que se mantienen.
begins|Empieza
ends|Termina
at_once_calls|Llamadas a la vez
between_calls|Segundos entre dos llamadas
longest_call|Llamada más larga, minutos
machines|Si contesta una máquina
machine_off|seguir hablando
machine_detect|colgar
machine_message|dejar un mensaje
as_usual|como siempre: %
tries_after|Intentos tras el primero
after_no_answer|Minutos tras no contestar
after_busy|Minutos tras ocupado
cap_all|En total
cap_day|Por día
on_again|Sigue %.
held_hours|Fuera de las horas en que se puede llamar.
held_due|Nadie toca en este momento.
held_ending|Las últimas llamadas están en curso.
held_fast|Las llamadas terminan tan pronto como empiezan.
held_soon|Las llamadas están por empezar.
held_interval|Respeta el tiempo entre dos llamadas.
held_lines_all|Todas las líneas están ocupadas ahora.
held_lines_tenant|Todas las líneas de su espacio están en uso.
held_lines_account|Su conexión no admite más llamadas a la vez.
held_slow|El operador pidió ir más despacio.
held_approval|Espera una aprobación.
held_tool|La herramienta consultada antes de cada llamada no responde.
held_plan|Su plan no admite más campañas.
held_failing|Fallaron demasiadas llamadas, por eso se pausó.
held_numbers|Sus números están ocupados o agotaron las llamadas de hoy.
held_behind|Estamos procesando informes de llamadas.
held_worker|Ahora no salen llamadas; ya lo sabemos.
open_tenant|Abrir ajustes
connection|Conexión
midnight|medianoche
general|General
stops|No llamar
webhooks|Webhooks
sg_business|Su empresa
sg_hours|Cuándo llamamos
sg_calls|Llamadas
sg_again|Reintentos
sg_safe|Para ir sobre seguro
sg_mail|Correos a personas
sg_money|Gasto
sg_keep|Cuánto guardamos
sg_rates|Lo que cobran sus operadores
sg_rates_help|Para operadores que no dicen el coste de una llamada.
s_caller_name|Nombre que se dice
s_caller_name_help|En nombre de quién llamamos; la ley suele exigirlo al inicio.
s_default_country|País de sus números
s_default_country_help|Para números sin prefijo de país: dos letras, como US.
s_calling_hours|Horas y días
s_calling_hours_help|Según la hora de cada persona; las horas legales rigen siempre.
s_max_concurrent_calls|Llamadas a la vez
s_max_concurrent_calls_help|De una campaña.
s_call_interval|Tiempo entre dos llamadas
s_max_call_duration|Llamada más larga
s_max_call_duration_help|Se retienen créditos mientras dura.
s_ring_timeout|Cuánto suena
s_machine_detection|Si contesta una máquina
s_record_calls|Grabar llamadas
s_record_calls_help|No las de quien retiró ese consentimiento.
s_announce_recording|Avisar de la grabación
s_announce_recording_help|Donde la ley lo exige; apagado: allí no se graba.
s_retry_attempts|Intentos tras el primero
s_retry_delay_no_answer|Espera tras no contestar
s_retry_delay_busy|Espera tras ocupado
s_number_calls_per_day|Llamadas a una persona al día
s_number_calls_per_day_help|En todas las campañas; 0: lo que permita la ley.
s_call_back_missed|Devolver llamadas perdidas
s_call_back_missed_help|Enseguida, con el asistente del número; cuesta créditos.
s_require_consent|Llamar solo con consentimiento
s_require_consent_help|Los contactos sin consentimiento esperan.
s_require_test_call|Oírlo antes de empezar
s_require_test_call_help|Una campaña empieza solo tras una llamada de prueba contestada.
s_mail_invitations|Invitaciones de calendario
s_mail_invitations_help|Una cita confirmada se envía a quien tenga correo.
s_mail_information|Enviar lo que se pidió
s_mail_information_help|Si el asistente tiene un documento con ese nombre.
s_auto_spend|Gastar sin preguntar
s_auto_spend_help|Apagado: un propietario aprueba cada inicio y compra.
s_auto_spend_per_campaign|Preguntar por encima de
s_auto_spend_per_campaign_help|Una campaña que pueda costar más espera; 0: ninguna.
s_tenant_spend_cap_per_day|Límite diario
s_tenant_spend_cap_per_day_help|De todas las campañas; 0: ninguno.
s_balance_low_credits|Avisar si quedan menos
s_retention_calls|Llamadas y citas
s_retention_transcripts|Lo que se dijo
s_retention_recordings|Grabaciones
s_retention_mails|Correos
s_retention_tasks|Tareas hechas
s_retention_imports|Filas rechazadas
unit_minutes|minutos
unit_seconds|segundos
unit_credits|créditos
as_before|Como antes
as_before_help|Volver al valor general
numbers_beginning|Números que empiezan por
a_minute|Por minuto
currency|Moneda
since|Desde
new_rate|Añadir un precio
stops_help|Nadie de esta lista recibe llamadas. Quien lo pide en una llamada entra solo.
look_up|Buscar
look_up_help|Un número o palabras del motivo
is_listed|No se llamará más a %.
not_listed|% no está en la lista.
e_stops|Nadie ha pedido no recibir llamadas.
how|Cómo
stop_manual|A mano
stop_call|En una llamada
stop_import|De un archivo
take_off|Quitar …
webhooks_help|Avisamos a su servidor de lo que pasa, cuando pasa.
secret_once|Con este secreto su servidor comprueba que somos nosotros. Se muestra una vez:
e_webhooks|Aún no se avisa a ningún servidor suyo.
hook_off|Apagado
hook_failing|No responde
hook_well|Funciona
told_of|Se le avisa de
everything|todo
new_webhook|Avisar a un servidor
only_some|Solo algunas cosas
latest_sent|Lo enviado
sent_pending|En camino
sent_delivered|Entregado
sent_dead|Abandonado
tries|Intentos
answer|Respuesta
again|Reintentar
w_call_finished|fin de llamada
w_call_corrected|llamada corregida
w_appointment_booked|cita
w_appointment_canceled|cita anulada
w_appointment_unsettled|cita dudosa
w_task_created|una promesa
w_task_overdue|promesa atrasada
w_message_taken|recado tomado
w_offer_made|oferta hecha
w_campaign_stopped|campaña detenida
w_balance_low|pocos créditos
w_credits_bought|créditos comprados
w_payment_failed|pago fallido
w_plan_changed|cambio de plan
w_approval_wanted|aprobación pendiente
w_invoice_issued|factura
w_carrier_failing|operador con problemas
w_models_failing|voz o modelo con problemas
w_export_ready|archivo listo
w_ticket_answered|respuesta nuestra
w_webhook_subscription_disabled|esto se apagó
w_test|una prueba
files_and_schedules|Archivos y horarios
none_before|nada anterior
as_much|como antes
percent_more|% % más
percent_less|% % menos
period|Periodo
last_days|Últimos % días
days_before|Días anteriores
x_by_day|% por día
report_says|% llamadas del % al %; % en los días anteriores.
campaign_line|% llamadas, % conversaciones
in_credits|en créditos
e_report|Los informes muestran si mejora, cuando haya llamadas.
week|Semana
this_week|Esta semana
week_before|La semana anterior
week_after|La semana siguiente
all_calendars|Todos los calendarios
on_your_clock|En su hora
to_decide|por decidir
busy_elsewhere|Ocupado en otro calendario
nothing_that_day|Nada este día
book|Reservar …
book_it|Reservar
with_whom|Con quién
what_about|De qué se trata
call_off|Anular …
open_lead|Abrir contacto
plan_and_statement|Plan y extracto
buy_credits|Comprar créditos …
buy_this|Comprar esto
buy_help|Verá el precio con impuestos antes de pagar.
pay_by|Pagar con
up_to|Hasta % créditos.
lasts|Duran unos % días, hasta el %, al ritmo de la última semana.
lasts_long|Duran más de un año al ritmo de la última semana.
nothing_spent|No se gastó nada la última semana.
held_by_calls|% retenidos por llamadas en curso.
minutes_left|Quedan % minutos prepagados.
lapses|% créditos caducan el %.
orders_open|Pedidos sin pagar: %.
spent_by_day|Gasto por día
spent_says|% créditos en 30 días.
latest_invoices|Últimas facturas
all_invoices|Todas las facturas
no_plan|No tiene plan; bastan los créditos para llamar.
change_plan|Cambiar el plan
see_plans|Ver los planes
top_up_says|Si quedan menos de %, se compra un paquete; como mucho % al mes.
top_up_off|No se compra nada automáticamente.
left_of|quedan % de %
p_new|Nuevo
p_again|Por llamar otra vez
p_late|Demasiado tarde
buy_title|Comprar créditos
book_title|Reservar una cita
number_ready|Contesta
number_ordered|Pedido
number_unchecked|En revisión
number_refused|Rechazado
number_releasing|En devolución
answers_say|La mitad de las respuestas en %, nueve de diez en %; la línea es un segundo.
was_before|antes: %
`;
