namespace Naru.Runtime.DBus;

/// <summary>The kinds of words in GVariant's text form.</summary>
internal enum VariantToken
{
    End,
    Number,
    Boolean,

    /// <summary>With its quotes.</summary>
    Text,

    /// <summary>b'…', with its quotes.</summary>
    Bytes,

    /// <summary>A type by name, or by its signature after an @.</summary>
    Type,

    /// <summary>A bracket, a comma, a colon.</summary>
    Mark,
}
