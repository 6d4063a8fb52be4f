using Naru.Base;
using Naru.Hub;
using Naru.Hub.Accounts;
using Naru.HubServer.Site.Models;
using Naru.HubServer.Site.Pages;

namespace Naru.HubServer.Site.Routes;

/// <summary>An organisation's own settings, for its owners.</summary>
internal sealed class OrganisationRoutes(AccountRooms accounts) : ISiteRoutes
{
    public async ValueTask<bool> TryHandle(SiteCall call, string path)
    {
        if (call.Shell.Open || OrganisationPath.TryParse(path) is not { Page: "settings" or "leave" } route)
            return false;
        if (route.Page == "leave")
            return await Leave(call, route.Name);
        if (!await route.IsFor(call, accounts))
            return false;
        string? failure = null;
        if (call.IsPost && (failure = await FormFailure.Submit(call, () => Change(call, route.Name))) is null)
            return true;

        var account = await accounts.Directory.Find(route.Name, call.Cancel) ?? throw NaruException.NotFound(route.Name);
        var quota = await accounts.Quotas.State(account.Id, call.Cancel);
        var sent = failure is not null && call.Field("do") == "save";
        await call.Page(
            OrganisationPages.Settings(call.FormShell(), new OrganisationModel
            {
                Name = account.Name,
                FullName = sent ? call.Field("full_name") : account.FullName,
                Description = sent ? call.Field("description") : account.Description,
                Email = sent ? call.Field("email") : account.Email,
                PrivateByDefault = account.PrivateByDefault,
                Quota = new QuotaModel(quota.Used, quota.Limit),
                Repositories = (await accounts.Directory.Contents(call.Caller, account.Name, call.Cancel)).Repositories,
                Failure = failure,
            }),
            failure is null ? 200 : 422);
        return true;
    }

    /// <summary>Takes whoever asks out of the organisation.</summary>
    private async ValueTask<bool> Leave(SiteCall call, string name)
    {
        if (!call.IsPost || call.SignedIn is null)
            return false;
        await call.ReadForm();
        await accounts.Organisations.RemoveMember(call.Caller, name, call.Caller.Name!, call.Cancel);
        await call.Redirect($"{Links.Account(call.Caller.Name!)}?done=left");
        return true;
    }

    /// <summary>Does what one of the page's forms asks for; where to go on.</summary>
    private async ValueTask<string> Change(SiteCall call, string name)
    {
        switch (call.Field("do"))
        {
            case "save":
                await accounts.Directory.Change(call.Caller, name, new Profile(call.Field("full_name").Trim(), call.Field("email").Trim(), call.Field("private_default") == "1", call.Field("description").Trim()), call.Cancel);
                return $"{Links.Organisation(name, "settings")}?done=saved";
            case "delete" when call.Field("confirm").Trim() == name:
                await accounts.Directory.Delete(call.Caller, name, call.Cancel);
                return "/?done=organisation";
            case "delete":
                throw new RefusedException(Refusal.Confirmation, ErrorKind.InvalidArgument, "that is not the name");
            default:
                throw new RefusedException(Refusal.NoForm, ErrorKind.NotFound, "no such form");
        }
    }
}
