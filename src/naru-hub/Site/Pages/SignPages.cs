using Naru.HubServer.Site.Components;
using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Pages;

/// <summary>Signing in, and making an account.</summary>
internal static class SignPages
{
    public static Html SignIn(Shell shell, SignModel model)
    {
        var t = shell.Texts;
        return Layout.Page(shell, t.SignIn, $"""
            <section class="narrow">
            <h1>{t.SignInTitle}</h1>
            <form class="panel stack" method="post" action="/sign-in">{Forms.Token(shell)}{Forms.Hidden("next", model.Next)}
            {Forms.Failure(model.Failure)}
            {Forms.Field("name", t.UserName, model.Name, $"required autofocus autocomplete=\"username\" autocapitalize=\"off\" spellcheck=\"false\" maxlength=\"255\"")}
            {Forms.Field("password", t.Password, "", $"required type=\"password\" autocomplete=\"current-password\" maxlength=\"1024\"")}
            <button class="button">{t.SignIn}</button></form>
            {(shell.SignUp ? (Html)$"<p class=\"muted\">{t.NoAccountYet} <a href=\"/sign-up\">{t.SignUp}</a></p>" : null)}
            </section>
            """);
    }

    public static Html SignUp(Shell shell, SignModel model)
    {
        var t = shell.Texts;
        return Layout.Page(shell, t.SignUp, $"""
            <section class="narrow">
            <h1>{t.SignUpTitle}</h1>
            {(shell.SignUp ? SignUpForm(shell, model) : (Html)$"<p class=\"panel\">{t.SignUpClosed}</p>")}
            <p class="muted">{t.HaveAccount} <a href="/sign-in">{t.SignIn}</a></p>
            </section>
            """);
    }

    private static Html SignUpForm(Shell shell, SignModel model)
    {
        var t = shell.Texts;
        return $"""
            <form class="panel stack" method="post" action="/sign-up">{Forms.Token(shell)}{Forms.Hidden("next", model.Next)}
            {Forms.Failure(model.Failure)}
            {Forms.Field("name", t.UserName, model.Name, $"required autofocus autocomplete=\"username\" autocapitalize=\"off\" spellcheck=\"false\" maxlength=\"64\"", t.UserNameHint)}
            {Forms.Field("email", t.Email, model.Email, $"required type=\"email\" autocomplete=\"email\" maxlength=\"254\"")}
            {Forms.Field("password", t.Password, "", $"required type=\"password\" autocomplete=\"new-password\" minlength=\"8\" maxlength=\"1024\"", t.PasswordHint)}
            <button class="button">{t.SignUp}</button></form>
            """;
    }
}
