namespace Naru.HubServer.Site.Models;

/// <summary>Which of two images has something.</summary>
internal enum ComparedSide
{
    Both,
    From,
    To,
}
