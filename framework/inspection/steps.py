"""The steps of an inspection as one table: every step, who may take it where, its guards and what it brings.

This table is the only place of these rules. `transitions` runs it; the diagram, the entry points and the tests read it. The
guards are in `framework.inspection.guards`, the outcomes in `framework.inspection.outcomes`. No dates and no persons here."""

from framework.inspection import concern_forms, forms, report_forms, service_forms
from framework.inspection.stages import Stage
from framework.lifecycle.steps import StepTable, row
from framework.vocabulary.roles import Role

PLANNED, NOTIFIED, SET_UP, FIELDWORK, DRAFTING = (
    Stage.PLANNED,
    Stage.NOTIFIED,
    Stage.SET_UP,
    Stage.FIELDWORK,
    Stage.DRAFTING,
)
CHECK, FINALISING, ISSUED, PUBLISHED = Stage.FACTUAL_CHECK, Stage.FINALISING, Stage.FINAL_ISSUED, Stage.PUBLISHED
CLOSED, DEFERRED, CANCELLED = Stage.CLOSED, Stage.DEFERRED, Stage.CANCELLED

BEFORE_FIELDWORK = (NOTIFIED, SET_UP)
UP_TO_FIELDWORK = (NOTIFIED, SET_UP, FIELDWORK)
HANDING_IN = (*UP_TO_FIELDWORK, DEFERRED)
"""While deferred nothing is asked for; what is handed in is taken, and counts once the inspection resumes."""
FROM_FIELDWORK = (FIELDWORK, DRAFTING, CHECK, FINALISING, ISSUED, PUBLISHED)
UNTIL_DRAFT = (PLANNED, NOTIFIED, SET_UP, FIELDWORK, DRAFTING, DEFERRED)
OPEN = (*UNTIL_DRAFT, CHECK, FINALISING, ISSUED, PUBLISHED)
WHILE_CONCERNS_ARISE = (*BEFORE_FIELDWORK, *FROM_FIELDWORK, DEFERRED)
"""From the notification until the time for complaints is over: settling a concern is the first resort, before a complaint
(paras 64, 65)."""
OWING = tuple(stage for stage in OPEN if stage is not DEFERRED)
"""While deferred nothing is owed: every limit is suspended."""

COORD, MANAGER, LEAD, SYSTEM = Role.COORDINATOR, Role.MANAGER, Role.LEAD_INSPECTOR, Role.SYSTEM
DCS, LINK, QA = Role.DCS, Role.LINK_OFFICER, Role.QUALITY_ASSURANCE_MANAGER
OFFICE = (COORD, MANAGER)
FAILED = (COORD, MANAGER, SYSTEM)
"""Who may say that a letter did not arrive: the mail system through the system, or the office."""
TEAM = (LEAD, Role.INSPECTOR, Role.CQC_INSPECTOR, Role.QUALITY_ASSURANCE_MANAGER)
STEERING = (COORD, LEAD)
AUTHORITY = (DCS, LINK, COORD, LEAD)
"""The authority's own people, and those who may enter it for them."""


# fmt: off
STEPS = StepTable(Stage, (
    # Notification (paras 8 to 11, 29 to 33, 42 to 46)
    row("notify", PLANNED, None, (COORD, SYSTEM), service_forms.Notify, "notification_issued", 8,
      guards="sent_today gates addresses not_yet_issued address_settled", letters="announcement", documents="announcement"),
    row("record_service", PLANNED, NOTIFIED, (COORD, LEAD, SYSTEM), service_forms.ServiceProof, "notified", 8,
      meets="notification", guards="gates addresses proof_of_service", letters="announcement", documents="announcement"),
    row("record_service", DEFERRED, NOTIFIED, (COORD, LEAD, SYSTEM), service_forms.ServiceProof, "notified_anew", 8,
      meets="notification", guards="resumption_issued proof_of_service"),
    row("record_failed_service", (PLANNED, DEFERRED), None, FAILED, service_forms.FailedService, "notification_not_served", 8,
      guards="awaited_letter failure_shown"),
    row("record_failed_service", BEFORE_FIELDWORK, PLANNED, FAILED, service_forms.FailedService, "notification_failed", 8,
      guards="notification_letter failure_shown", letters="notification_failed"),
    row("record_failed_service", FROM_FIELDWORK, None, FAILED, service_forms.FailedService, "failed_service_noted", 8,
      guards="notification_or_draft_letter failure_shown"),
    row("record_failed_service", CANCELLED, None, FAILED, service_forms.FailedService, "cancellation_not_served", 65,
      guards="cancellation_letter failure_shown"),
    row("take_back_draft", (CHECK, FINALISING), DRAFTING, SYSTEM, forms.Nothing, "draft_not_served", 50,
      guards="follows_from_failed_service"),

    # Preparation (paras 30, 32, 33, 39, 41, 42, 46)
    row("arrange_set_up_meeting", NOTIFIED, None, STEERING, forms.ArrangeMeeting, "set_up_meeting_arranged", 32,
      guards="meeting_not_held agreed_working_day not_past", letters="set_up_invitation invitation_withdrawn", documents="agenda"),
    row("arrange_fieldwork", (PLANNED, NOTIFIED, SET_UP), None, STEERING, forms.ArrangeFieldwork, "fieldwork_arranged", 8,
      guards="agreed_working_day not_past within_notice", letters="changed_dates"),
    row("receive_case_lists", HANDING_IN, None, AUTHORITY, forms.HandIn, "case_lists_received", 42, meets="case_lists",
      guards="proof_of_earlier_day"),
    row("receive_documents", HANDING_IN, None, AUTHORITY, forms.HandIn, "documents_received", 30, meets="documents",
      guards="proof_of_earlier_day"),
    row("confirm_survey_invitations", HANDING_IN, None, AUTHORITY, forms.HandIn, "survey_invitations_handed_out", 46,
      meets="survey_invitations", guards="proof_of_earlier_day"),
    row("choose_first_cases", UP_TO_FIELDWORK, None, LEAD, forms.ChooseFirstCases, "first_cases_chosen", 41,
      meets="first_cases_choice", guards="enough_first_cases", letters="first_cases", documents="first_cases_list"),
    row("hold_set_up_meeting", FIELDWORK, None, STEERING, forms.HoldMeeting, "set_up_meeting_held", 32,  # without notice
      meets="set_up_meeting", guards="meeting_not_held", letters="meeting_note", documents="indicative_timetable"),
    row("hold_set_up_meeting", NOTIFIED, SET_UP, STEERING, forms.HoldMeeting, "set_up_meeting_held", 32,
      meets="set_up_meeting", letters="meeting_note", documents="indicative_timetable"),
    row("receive_case_audits", HANDING_IN, None, AUTHORITY, forms.HandIn, "case_audits_received", 41, meets="case_audits",
      guards="proof_of_earlier_day"),

    # Fieldwork (paras 11, 34 to 38, 55)
    row("start_fieldwork", SET_UP, FIELDWORK, LEAD, forms.Nothing, "fieldwork_started", 11, meets="fieldwork_starts",
      guards="working_day no_request_waits notice_given cases_before_fieldwork"),
    row("start_fieldwork", NOTIFIED, FIELDWORK, LEAD, forms.Nothing, "fieldwork_started", 8, meets="fieldwork_starts",
      guards="working_day no_request_waits no_notice_or_meeting_held notice_given cases_before_fieldwork"),
    row("give_oral_feedback", FIELDWORK, None, LEAD, forms.OralFeedback, "oral_feedback_given", 55, meets="oral_feedback",
      letters="oral_feedback"),
    row("end_fieldwork", FIELDWORK, DRAFTING, LEAD, forms.EndFieldwork, "fieldwork_ended", 11, meets="inspection_ends",
      guards="working_day oral_feedback_given users_were_heard feedback_at_the_end ten_days_on_site cases_before_the_end"),

    # Judgement and draft (paras 22 to 27, 48 to 51, 61)
    row("grade", (FIELDWORK, DRAFTING, FINALISING), None, LEAD, report_forms.GradeHeading, "heading_graded", 27,
      guards="graded_heading report_not_frozen", content=True),
    row("write_section", (FIELDWORK, DRAFTING, FINALISING), None, LEAD, report_forms.WriteSection, "section_written", 49,
      guards="ungraded_heading text_or_areas report_not_frozen", content=True),
    row("submit_draft", DRAFTING, None, LEAD, forms.Nothing, "draft_submitted", 61,
      guards="report_not_frozen report_complete", documents="draft_report"),
    row("approve_draft", DRAFTING, None, QA, forms.Note, "draft_approved", 61,
      guards="draft_submitted draft_rendered not_the_author"),
    row("send_back_draft", DRAFTING, None, QA, forms.ReasonOnly, "draft_sent_back", 61, guards="draft_submitted not_the_author"),
    row("send_draft", DRAFTING, CHECK, STEERING, forms.Nothing, "draft_sent", 50, meets="draft_report",
      guards="draft_approved sent_today", letters="draft_report", documents="comments_form"),
    row("return_comments", CHECK, FINALISING, AUTHORITY, report_forms.ReturnComments, "comments_returned", 51,
      meets="factual_comments", guards="proof_of_earlier_day known_sections", letters="comments_received comments_returned_without"),
    row("lapse_comments", CHECK, FINALISING, SYSTEM, forms.Nothing, "comments_lapsed", 51,
      guards="comments_time_passed", letters="comments_none_received"),
    row("return_comments", (FINALISING, ISSUED, PUBLISHED), None, AUTHORITY, report_forms.ReturnComments, "late_comments_returned", 51,
      guards="proof_of_earlier_day known_sections", letters="late_comments"),
    row("decide_late_comments", FINALISING, None, LEAD, report_forms.DecideLateComments, "late_comments_decided", 51,
      guards="late_comments_waiting late_comments_usable"),
    row("answer_comment", FINALISING, None, LEAD, report_forms.AnswerComment, "comment_answered", 51,
      guards="known_sections report_not_frozen", content=True),
    row("explain_change", FINALISING, None, LEAD, report_forms.ExplainChange, "change_explained", 51,
      guards="known_sections report_not_frozen", content=True),

    # Final report and publication (paras 52, 53, 60, 61, 65)
    row("submit_final", FINALISING, None, LEAD, report_forms.SubmitFinal, "final_submitted", 61,
      guards="issue_day_ahead report_not_frozen report_complete comments_answered late_comments_decided changes_explained",
      documents="final_report comments_table"),
    row("approve_final", FINALISING, None, QA, forms.Note, "final_approved", 61,
      guards="final_submitted final_rendered not_the_author"),
    row("send_back_final", FINALISING, None, QA, forms.ReasonOnly, "final_sent_back", 61, guards="final_submitted not_the_author"),
    row("issue_final", FINALISING, ISSUED, STEERING, forms.Nothing, "final_issued", 52, meets="final_report",
      guards="addresses late_comments_decided final_approved issued_as_assured sent_today", letters="final_report"),
    row("hold_publication", ISSUED, None, MANAGER, forms.ReasonOnly, "publication_held", 53),
    row("release_publication", ISSUED, None, MANAGER, forms.ReasonOnly, "publication_released", 53, guards="publication_held"),
    row("publish", ISSUED, PUBLISHED, OFFICE, forms.Nothing, "published", 53, meets="publication", guards="publication_not_held sent_today",
      letters="publication evaluation_request"),
    row("record_evaluation", PUBLISHED, None, (DCS, LINK, COORD), forms.HandIn, "evaluation_returned", 60, meets="evaluation",
      guards="proof_of_earlier_day"),
    row("close_window", PUBLISHED, CLOSED, SYSTEM, forms.Nothing, "window_closed", 65, meets="complaints_close",
      guards="window_over", letters="window_closed"),

    # Concerns raised with the team, and how each was settled (paras 54, 64)
    row("add_concern", WHILE_CONCERNS_ARISE, None, (*TEAM, COORD), concern_forms.AddConcern, "concern_raised", 64, content=True),
    row("settle_concern", (*WHILE_CONCERNS_ARISE, CANCELLED), None, STEERING, concern_forms.SettleConcern, "concern_settled", 64, content=True),

    # Deferral and cancelling (para 9)
    row("request_deferral", PLANNED, None, COORD, forms.RequestDeferral, "deferral_requested", 9, guards="no_request_waits"),
    row("request_deferral", BEFORE_FIELDWORK, None, (DCS, LINK, COORD), forms.RequestDeferral, "deferral_requested", 9,
      guards="no_request_waits proof_of_earlier_day", letters="deferral_refused"),
    row("withdraw_deferral_request", PLANNED, None, COORD, forms.Note, "deferral_request_withdrawn", 9,
      meets="deferral_answer", guards="deferral_requested"),
    row("withdraw_deferral_request", BEFORE_FIELDWORK, None, (DCS, LINK, COORD), forms.HandIn, "deferral_request_withdrawn", 9,
      meets="deferral_answer", guards="deferral_requested proof_of_earlier_day"),
    row("refuse_deferral", (PLANNED, NOTIFIED, SET_UP), None, MANAGER, forms.ReasonOnly, "deferral_refused", 9,
      meets="deferral_answer", guards="deferral_requested", letters="deferral_refused"),
    row("defer", PLANNED, None, OFFICE, forms.Defer, "notification_postponed", 9, meets="deferral_answer", guards="new_notification_day not_yet_issued"),
    row("defer", BEFORE_FIELDWORK, DEFERRED, MANAGER, forms.Defer, "deferred", 9, meets="deferral_answer", letters="deferral_granted"),
    row("resume", DEFERRED, None, OFFICE, forms.Resume, "resumption_issued", 9, guards="sent_today fieldwork_day not_yet_issued",
      letters="resumption", documents="announcement"),
    row("cancel", UNTIL_DRAFT, CANCELLED, MANAGER, forms.Cancel, "cancelled", 65, letters="cancellation"),
    row("record_cancellation_service", CANCELLED, None, (COORD, SYSTEM), service_forms.ServiceProof, "cancellation_served", 65,
      guards="cancellation_not_yet_served proof_of_service", letters="changed_dates"),
    row("close_window", CANCELLED, None, SYSTEM, forms.Nothing, "cancelled_window_closed", 65, meets="complaints_close",
      guards="window_over", letters="window_closed"),

    # People, departures from what is usual, and corrections (paras 8 to 11, 41, 57, 58, 62)
    row("change_lead", OPEN, None, OFFICE, forms.ChangeLead, "lead_changed", 58, guards="another_lead no_barred_lead lead_is_not_the_assurer still_a_team",
      letters="lead_changed"),
    row("change_team", OPEN, None, OFFICE, forms.ChangeTeam, "team_changed", 11,
      guards="sensible_team_change lead_is_not_the_assurer still_a_team"),
    row("change_contact", OPEN, None, OFFICE, forms.ChangeContact, "contact_changed", 8, guards="sensible_contact_change"),
    row("decide_connection", OPEN, None, MANAGER, forms.DecideConnection, "connection_decided", 62, guards="connection_declared",
      letters="lead_changed"),
    row("acknowledge_conduct", OPEN, None, TEAM, forms.Nothing, "conduct_acknowledged", 62, guards="not_yet_acknowledged"),
    row("override", OPEN, None, MANAGER, forms.OverrideGate, "gate_overridden", 8, guards="hold_to_override"),
    row("waive_limit", OWING, None, MANAGER, forms.WaiveLimit, "limit_waived", 8, guards="late_limit"),
    row("send_again", (*OPEN, CANCELLED), None, OFFICE, forms.SendAgain, "letter_sent_again", 8),
    row("correct", (*OPEN, CANCELLED), None, (COORD, MANAGER, LEAD), forms.Correct, "corrected", 8,
      guards="day_entered_by_a_person correctable_event proof_of_correction not_own_miss", letters="correction"),
    row("withdraw", OPEN, None, (COORD, MANAGER, LEAD), forms.Withdraw, "withdrawn", 8,
      guards="withdrawable_step no_letter_ordered nothing_rests_on_it", letters="changed_dates"),
))
# fmt: on
