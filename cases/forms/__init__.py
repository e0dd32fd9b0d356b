"""Forms clean what was typed; whether it may be done is for cases.workflow to say."""
