namespace Naru.HubServer.Site.Locale;

/// <summary>The languages of the site.</summary>
internal enum Language
{
    English,
    Korean,
}
