using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Components;

/// <summary>The robots of an account: who they are, and the form that makes one.</summary>
internal static class Robots
{
    /// <param name="action">Where the forms go.</param>
    public static Html Render(Shell shell, RobotsModel model, string action)
    {
        var t = shell.Texts;
        return $"""
            {(model.NewToken is { } token ? (Html)$"<section class=\"panel made\" role=\"status\"><p><b>{t.TokenMade}</b></p>{Parts.Command(shell, $"docker login -u {model.NewName} {shell.Host}", t.SignIn)}{Parts.Command(shell, token, t.NewRobot)}</section>" : null)}
            <section class="panel flush"><div class="padded"><h2>{t.Robots}</h2><p class="hint">{t.RobotsHint}</p></div>
            {(model.Robots.Count == 0 ? (Html)$"<p class=\"empty-line muted\">{t.NoRobots}</p>" : Table(shell, model, action))}
            </section>
            <form class="panel stack" method="post" action="{action}">{Forms.Token(shell)}
            <h2>{t.NewRobot}</h2>
            {Forms.Failure(model.Failure)}
            {Forms.Field("name", t.Name, "", $"required maxlength=\"39\" autocomplete=\"off\" spellcheck=\"false\" autocapitalize=\"off\"", t.RobotNameHint(model.Account))}
            {TokenFields.Render(shell)}
            {Forms.Field("repositories", t.OnlyRepositories, "", $"maxlength=\"2000\" autocomplete=\"off\" spellcheck=\"false\" autocapitalize=\"off\"", t.OnlyRepositoriesHint(model.Account))}
            <button class="button">{t.MakeRobot}</button></form>
            """;
    }

    private static Html Table(Shell shell, RobotsModel model, string action)
    {
        var t = shell.Texts;
        return $"""
            <div class="scroll" tabindex="0" role="region" aria-label="{t.Robots}"><table><thead><tr><th scope="col">{t.Name}</th><th scope="col">{t.Scope}</th><th scope="col">{t.Expires}</th><th scope="col">{t.LastUsed}</th><th scope="col"><span class="spoken">{t.Actions}</span></th></tr></thead>
            <tbody>{Html.Each(model.Robots, robot => TokenFields.Row(shell, robot, $"{model.Account}+{robot.Name}", action))}</tbody></table></div>
            """;
    }
}
