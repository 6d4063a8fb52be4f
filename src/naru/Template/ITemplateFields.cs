namespace Naru.Cli.Template;

/// <summary>A row that a format names the fields of, like the structs of Docker's formatters.</summary>
internal interface ITemplateFields
{
    /// <summary>The type's name in Docker, which its errors show.</summary>
    string TypeName { get; }

    /// <summary>The field's value; null when there is no such field.</summary>
    object? Field(string name);

    /// <summary>All of it as one JSON object, keys in order.</summary>
    string Json();
}
