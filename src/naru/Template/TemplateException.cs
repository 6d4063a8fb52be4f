namespace Naru.Cli.Template;

/// <summary>A template that does not parse or cannot be applied; the message is text/template's, without its "template: " prefix's file.</summary>
internal sealed class TemplateException(string message) : Exception(message);
