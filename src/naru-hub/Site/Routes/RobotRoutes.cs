using Naru.Base;
using Naru.Hub.Accounts;
using Naru.Hub.Accounts.Tokens;
using Naru.HubServer.Site.Models;
using Naru.HubServer.Site.Pages;

namespace Naru.HubServer.Site.Routes;

/// <summary>The robots of people and of organisations: listing, making, revoking.</summary>
internal sealed class RobotRoutes(AccountRooms accounts) : ISiteRoutes
{
    private const string Own = "/settings/robots";
    private const string Revoke = "/revoke";

    public async ValueTask<bool> TryHandle(SiteCall call, string path)
    {
        var revokes = call.IsPost && path.EndsWith(Revoke, StringComparison.Ordinal);
        var list = revokes ? path[..^Revoke.Length] : path;
        var organisation = OrganisationPath.TryParse(list);
        if (call.Shell.Open || (list != Own && organisation is not { Page: "robots" }))
            return false;
        if (organisation is null && call.SignedIn is null)
        {
            await call.Redirect(Links.SignIn(Own));
            return true;
        }

        if (organisation is not null && !await organisation.IsFor(call, accounts))
            return false;
        var model = new RobotsModel { Account = organisation?.Name ?? call.Caller.Name! };
        if (call.IsPost)
        {
            await call.ReadForm();
            try
            {
                if (revokes)
                {
                    await accounts.Tokens.Revoke(call.Caller, long.TryParse(call.Field("id"), out var id) ? id : 0, call.Cancel);
                    await call.Redirect($"{list}?done=saved");
                    return true;
                }

                model = await Make(call, model);
            }
            catch (NaruException e) when (FormFailure.IsTheirs(e))
            {
                model = model with { Failure = FormFailure.Text(call.Texts, e) };
            }
        }

        await Show(call, model, organisation is not null);
        return true;
    }

    private async ValueTask Show(SiteCall call, RobotsModel model, bool organisation)
    {
        List<TokenRow> robots = [];
        foreach (var token in await accounts.Tokens.List(call.Caller, model.Account, call.Cancel))
        {
            if (token.Kind == TokenKind.Robot)
                robots.Add(TokenForm.Row(token));
        }

        if (model.NewToken is not null)
            call.Context.Response.Headers.CacheControl = "no-store";
        model = model with { Robots = robots };
        await call.Page(organisation ? OrganisationPages.Robots(call.FormShell(), model) : SettingsPages.Robots(call.FormShell(), model), model.Failure is null ? 200 : 422);
    }

    private async ValueTask<RobotsModel> Make(SiteCall call, RobotsModel model)
    {
        var scopes = TokenForm.Scope(call);
        foreach (var repository in call.Field("repositories").Split([',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            scopes += $" repository:{repository}";
        var name = call.Field("name").Trim().ToLowerInvariant();
        var made = await accounts.Tokens.Create(call.Caller, model.Account, TokenKind.Robot, name, TokenScopes.Parse(scopes), TokenForm.Expires(call), call.Cancel);
        return model with { NewName = $"{model.Account}+{made.Token.Name}", NewToken = made.Secret };
    }
}
