using System.Globalization;
using Naru.Base;
using Naru.Base.Flags;
using Naru.Base.Units;
using Naru.Hub;
using Naru.Hub.Accounts;
using Naru.HubServer.Site.Models;
using Naru.HubServer.Site.Pages;

namespace Naru.HubServer.Site.Routes;

/// <summary>One account, for those who run the registry.</summary>
internal sealed class AccountAdminRoutes(AccountRooms accounts) : ISiteRoutes
{
    private const string Prefix = "/admin/users/";

    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];

    public async ValueTask<bool> TryHandle(SiteCall call, string path)
    {
        if (!call.Caller.Admin || !path.StartsWith(Prefix, StringComparison.Ordinal) || await accounts.Directory.Find(path[Prefix.Length..], call.Cancel) is not { } account)
            return false;
        string? failure = null;
        if (call.IsPost && (failure = await FormFailure.Submit(call, () => Change(call, account.Name))) is null)
            return true;

        var quota = await accounts.Quotas.State(account.Id, call.Cancel);
        var contents = await accounts.Directory.Contents(call.Caller, account.Name, call.Cancel);
        await call.Page(
            AccountAdminPage.Render(call.FormShell(), new AccountAdminModel
            {
                User = new UserRow(account.Name, account.FullName, account.Email, account.Organisation, account.Admin, account.Disabled, account.Created),
                Quota = new QuotaModel(quota.Used, quota.Limit),
                OwnLimit = failure is not null && call.Field("do") == "quota" ? call.Field("quota") : account.Quota is { } own ? Exact(own) : "",
                Repositories = contents.Repositories,
                Tokens = contents.Tokens,
                Failure = failure,
            }),
            failure is null ? 200 : 422);
        return true;
    }

    /// <summary>Does what one of the page's forms asks for; where to go on.</summary>
    private async ValueTask<string> Change(SiteCall call, string name)
    {
        switch (call.Field("do"))
        {
            case "quota":
                await accounts.Directory.SetQuota(call.Caller, name, Limit(call.Field("quota").Trim()), call.Cancel);
                return $"{Links.AdminAccount(name)}?done=saved";
            case "disable" or "enable":
                await accounts.Users.SetDisabled(call.Caller, name, call.Field("do") == "disable", call.Cancel);
                return $"{Links.AdminAccount(name)}?done=saved";
            case "promote" or "demote":
                await accounts.Users.SetAdmin(call.Caller, name, call.Field("do") == "promote", call.Cancel);
                return $"{Links.AdminAccount(name)}?done=saved";
            case "password":
                await accounts.Users.SetPassword(call.Caller, name, null, call.Field("password"), call.Cancel);
                return $"{Links.AdminAccount(name)}?done=saved";
            case "delete" when call.Field("confirm").Trim() == name:
                await accounts.Directory.Delete(call.Caller, name, call.Cancel);
                return "/admin/users?done=account";
            case "delete":
                throw new RefusedException(Refusal.Confirmation, ErrorKind.InvalidArgument, "that is not the name");
            default:
                throw new RefusedException(Refusal.NoForm, ErrorKind.NotFound, "no such form");
        }
    }

    /// <summary>Bytes of <c>500 MB</c>; null for nothing written.</summary>
    private static long? Limit(string text)
    {
        if (text.Length == 0)
            return null;
        try
        {
            return ByteSize.ParseDecimal(text);
        }
        catch (FlagException)
        {
            throw new RefusedException(Refusal.Quota, ErrorKind.InvalidArgument, "that is no size: write it as 500 MB or 20 GB");
        }
    }

    /// <summary>A size as it can be written again without losing a byte.</summary>
    private static string Exact(long bytes)
    {
        var unit = 0;
        for (; bytes > 0 && bytes % 1000 == 0 && unit < Units.Length - 1; unit++)
            bytes /= 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes} {Units[unit]}");
    }
}
