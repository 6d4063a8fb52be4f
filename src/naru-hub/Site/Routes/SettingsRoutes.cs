using Naru.Base;
using Naru.Hub.Accounts;
using Naru.Hub.Accounts.Tokens;
using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;
using Naru.HubServer.Site.Pages;

namespace Naru.HubServer.Site.Routes;

/// <summary>A person's own settings, and new organisations.</summary>
internal sealed class SettingsRoutes(AccountRooms accounts) : ISiteRoutes
{
    public async ValueTask<bool> TryHandle(SiteCall call, string path)
    {
        if (path is not ("/settings" or "/settings/password" or "/settings/tokens" or "/settings/tokens/revoke" or "/settings/sessions" or "/settings/sessions/end" or "/organisations") || call.Shell.Open)
            return false;
        if (call.SignedIn is null)
        {
            await call.Redirect(Links.SignIn(call.IsPost ? "/settings" : path));
            return true;
        }

        string? failure = null;
        if (call.IsPost)
        {
            await call.ReadForm();
            try
            {
                await Post(call, path);
                return true;
            }
            catch (NaruException e) when (FormFailure.IsTheirs(e))
            {
                failure = FormFailure.Text(call.Texts, e);
            }
        }

        await Show(call, path, new SettingsModel { Name = call.Caller.Name!, Failure = failure });
        return true;
    }

    private async ValueTask Show(SiteCall call, string path, SettingsModel model)
    {
        var shell = call.FormShell();
        Html page;
        if (path.StartsWith("/settings/tokens", StringComparison.Ordinal))
            page = SettingsPages.Tokens(shell, model with { Tokens = await Tokens(call) });
        else if (path.StartsWith("/settings/sessions", StringComparison.Ordinal))
            page = SettingsPages.Sessions(shell, model with { Logins = await Logins(call) });
        else if (path == "/settings/password")
            page = SettingsPages.Password(shell, model);
        else
        {
            var account = await accounts.Directory.Find(model.Name, call.Cancel) ?? throw NaruException.NotFound(model.Name);
            var quota = await accounts.Quotas.State(account.Id, call.Cancel);
            page = SettingsPages.Profile(shell, model with { FullName = account.FullName, Description = account.Description, Email = account.Email, PrivateByDefault = account.PrivateByDefault, Quota = new QuotaModel(quota.Used, quota.Limit) });
        }

        if (model.NewToken is not null)
            call.Context.Response.Headers.CacheControl = "no-store";
        await call.Page(page, model.Failure is null ? 200 : 422);
    }

    private async ValueTask Post(SiteCall call, string path)
    {
        var name = call.Caller.Name!;
        switch (path)
        {
            case "/settings":
                await accounts.Directory.Change(call.Caller, name, new Profile(call.Field("full_name").Trim(), call.Field("email").Trim(), call.Field("private_default") == "1", call.Field("description").Trim()), call.Cancel);
                await call.Redirect("/settings?done=saved");
                break;
            case "/settings/password":
                await accounts.Users.SetPassword(call.Caller, name, call.Field("current"), call.Field("password"), call.Cancel);

                // All browsers were signed out; this one showed that it knows the new password.
                call.SetSession(await accounts.Logins.SignIn(name, call.Field("password"), call.Caller.Address, call.Context.Request.Headers.UserAgent.ToString(), call.Cancel));
                await call.Redirect("/settings/password?done=password");
                break;
            case "/settings/tokens":
                var made = await accounts.Tokens.Create(call.Caller, name, TokenKind.Personal, call.Field("name").Trim(), TokenScopes.Parse(TokenForm.Scope(call)), TokenForm.Expires(call), call.Cancel);
                await Show(call, path, new SettingsModel { Name = name, NewToken = made.Secret });
                break;
            case "/settings/tokens/revoke":
                await accounts.Tokens.Revoke(call.Caller, long.TryParse(call.Field("id"), out var id) ? id : 0, call.Cancel);
                await call.Redirect("/settings/tokens?done=saved");
                break;
            case "/settings/sessions/end":
                await accounts.Logins.Revoke(call.Caller, call.Field("id"), call.Cancel);
                await call.Redirect("/settings/sessions?done=saved");
                break;
            default:
                var organisation = await accounts.Organisations.Create(call.Caller, new NewAccount(call.Field("name").Trim().ToLowerInvariant()), null, call.Cancel);
                await call.Redirect(Links.Account(organisation.Name));
                break;
        }
    }

    private async ValueTask<List<TokenRow>> Tokens(SiteCall call)
    {
        List<TokenRow> rows = [];
        foreach (var token in await accounts.Tokens.List(call.Caller, call.Caller.Name!, call.Cancel))
        {
            if (token.Kind == TokenKind.Personal)
                rows.Add(TokenForm.Row(token));
        }

        return rows;
    }

    private async ValueTask<List<LoginRow>> Logins(SiteCall call)
    {
        List<LoginRow> rows = [];
        foreach (var login in await accounts.Logins.List(call.Caller, call.Cancel))
            rows.Add(new LoginRow(login.Id, login.Address, BrowserName.Of(login.Agent), login.Created, login.Seen, login.Id == call.SignedIn!.Login));
        return rows;
    }
}
