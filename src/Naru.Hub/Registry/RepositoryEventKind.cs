namespace Naru.Hub.Registry;

public enum RepositoryEventKind
{
    Push,
    Delete,
}
