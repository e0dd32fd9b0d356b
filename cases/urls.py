"""Addresses of the pages on which clerks enter and work cases."""

from django.urls import path

from cases.views import (
    acts,
    detail,
    exports,
    home,
    imports,
    jobs,
    listing,
    lists,
    monday,
    proceedings,
    register,
)

app_name = "cases"
urlpatterns = [
    path("", home.home, name="home"),
    path("monday/", monday.monday, name="monday"),
    path("cases/", listing.case_list, name="list"),
    path("cases/find/", listing.find, name="find"),
    path("cases/columns/", lists.columns, name="columns"),
    path("cases/export/", exports.export, name="export"),
    path("cases/saved/", lists.saved_lists, name="saved_lists"),
    path("cases/saved/new/", lists.saved_list_new, name="saved_list_new"),
    path("cases/saved/<int:pk>/rename/", lists.saved_list_rename, name="saved_list_rename"),
    path("cases/saved/<int:pk>/delete/", lists.saved_list_delete, name="saved_list_delete"),
    path("cases/register/", register.register, name="register"),
    path("cases/<int:pk>/", detail.detail, name="detail"),
    path("cases/<int:pk>/applicant/", detail.applicant, name="applicant"),
    path("cases/<int:pk>/confirm/", acts.confirm, name="confirm"),
    path("cases/<int:pk>/reply/", acts.reply, name="reply"),
    path("cases/<int:pk>/serve/", acts.serve, name="serve"),
    path("cases/<int:pk>/amend/", acts.amend, name="amend"),
    path("cases/<int:pk>/void/", acts.void, name="void"),
    path("proceedings/", proceedings.proceeding_list, name="proceedings"),
    path("proceedings/new/", proceedings.proceeding_new, name="proceeding_new"),
    path("proceedings/<int:pk>/amend/", proceedings.proceeding_amend, name="proceeding_amend"),
    path("imports/", imports.import_list, name="imports"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/<int:pk>/", imports.import_detail, name="import"),
    path("imports/<int:pk>/columns/", imports.import_columns, name="import_columns"),
    path("imports/<int:pk>/plan/", imports.import_plan, name="import_plan"),
    path("imports/<int:pk>/confirm/", imports.import_confirm, name="import_confirm"),
    path("imports/<int:pk>/discard/", imports.import_discard, name="import_discard"),
    path("imports/<int:pk>/file/", imports.import_file, name="import_file"),
    path("imports/<int:pk>/errors/", imports.import_errors, name="import_errors"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/file/", jobs.job_file, name="job_file"),
]
