using Naru.Hub.Accounts;
using Naru.HubServer.Site.Models;
using Naru.HubServer.Site.Pages;

namespace Naru.HubServer.Site.Routes;

/// <summary>What happened: to somebody, in an organisation, and, for administrators, all of it.</summary>
internal sealed class ActivityRoutes(AccountRooms accounts) : ISiteRoutes
{
    private const int RowsOfPage = 50;
    private const string Own = "/settings/activity";
    private const string All = "/admin/audit";

    public async ValueTask<bool> TryHandle(SiteCall call, string path)
    {
        if (call.Shell.Open)
            return false;
        if (path == All && call.Caller.Admin)
        {
            await call.Page(AdminPages.Audit(call.Shell, await Read(call, null)));
            return true;
        }

        if (path == Own && call.SignedIn is null)
        {
            await call.Redirect(Links.SignIn(Own));
            return true;
        }

        if (path == Own)
        {
            await call.Page(SettingsPages.Activity(call.Shell, await Read(call, call.Caller.Name)));
            return true;
        }

        if (OrganisationPath.TryParse(path) is not { Page: "activity" } organisation || !await organisation.IsFor(call, accounts))
            return false;
        await call.Page(OrganisationPages.Activity(call.Shell, organisation.Name, await Read(call, organisation.Name)));
        return true;
    }

    /// <param name="about">Whose page it is; null for all, as the query asks.</param>
    private async ValueTask<AuditModel> Read(SiteCall call, string? about)
    {
        var model = about is null ? new AuditModel { Account = call.Query("account"), Target = call.Query("target"), Action = call.Query("action") } : new AuditModel();
        long? before = long.TryParse(call.Query("before"), out var number) ? number : null;
        var filter = new AuditFilter(Some(model.Account), Some(model.Target), about, Some(model.Action), before);
        var found = await accounts.Audit.List(filter, RowsOfPage + 1, call.Cancel);
        List<AuditRow> rows = [];
        for (var i = 0; i < Math.Min(found.Count, RowsOfPage); i++)
        {
            // From where somebody else works is their business and the registry's; who tried to sign in as somebody is theirs.
            var entry = found[i];
            var seen = about is null || entry.Account == call.Caller.Name || (entry.Action == AuditAction.SignInFailed && about == call.Caller.Name);
            rows.Add(new AuditRow(entry.At, entry.Account, seen ? entry.Address : "", entry.Action, entry.Target, entry.Detail));
        }

        return model with { Rows = rows, Later = before is not null, Before = found.Count > RowsOfPage ? found[RowsOfPage - 1].Id : null };
    }

    private static string? Some(string text) => text.Length > 0 ? text : null;
}
