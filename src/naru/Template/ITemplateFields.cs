namespace Naru.Cli.Template;

/// <summary>A row that a format names the fields of, like the structs of Docker's formatters.</summary>
internal interface ITemplateFields
{
    /// <summary>The type's name in Docker, which its errors show.</summary>
    string TypeName { get; }

    /// <summary>The field's value; false when there is no such field.</summary>
    bool TryField(string name, out object? value);

    /// <summary>True for a name that takes arguments.</summary>
    bool IsMethod(string name);

    object? Call(string name, IReadOnlyList<object?> arguments);

    /// <summary>All of it as one JSON object, keys in order.</summary>
    string Json();
}
