ALTER TABLE voiceagent.appointments ADD CHECK (detected_by <@ '{structured_data,model,slot_booked,rules}');
