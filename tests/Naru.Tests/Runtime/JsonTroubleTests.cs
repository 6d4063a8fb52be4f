using System.Text;
using Naru.Runtime.SpecValidation;

namespace Naru.Tests.Runtime;

/// <summary>What is wrong with a document, in the words that Go's decoder has for it.</summary>
public sealed class JsonTroubleTests
{
    [Theory]
    [InlineData("", "EOF")]
    [InlineData(" \n", "EOF")]
    [InlineData("{", "unexpected EOF")]
    [InlineData("{\"a\": \"b", "unexpected EOF")]
    [InlineData("[1, 2", "unexpected EOF")]
    [InlineData("x", "invalid character 'x' looking for beginning of value")]
    [InlineData("{x", "invalid character 'x' looking for beginning of object key string")]
    [InlineData("{\"a\": 1,}", "invalid character '}' looking for beginning of object key string")]
    [InlineData("{\"a\" 1}", "invalid character '1' after object key")]
    [InlineData("{\"a\": 1 \"b\"}", "invalid character '\"' after object key:value pair")]
    [InlineData("[1 2]", "invalid character '2' after array element")]
    [InlineData("[01]", "invalid character '1' after array element")]
    [InlineData("{\"a\": \"\n\"}", "invalid character '\\n' in string literal")]
    [InlineData("[\"\\x\"]", "invalid character 'x' in string escape code")]
    [InlineData("[\"\\u12g4\"]", "invalid character 'g' in \\u hexadecimal character escape")]
    [InlineData("[tru]", "invalid character ']' in literal true (expecting 'e')")]
    [InlineData("[-]", "invalid character ']' in numeric literal")]
    [InlineData("[1.]", "invalid character ']' after decimal point in numeric literal")]
    [InlineData("[1e]", "invalid character ']' in exponent of numeric literal")]
    public void It_is_named_as_Go_names_it(string document, string expected) =>
        Assert.Equal(expected, JsonTrouble.Of(Encoding.UTF8.GetBytes(document)));

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"a\": [1, -2.5e+3, true, false, null, \"\\u00e9\\n\", {}], \"b\": []}")]
    public void There_is_none_in_what_is_json(string document) => Assert.Null(JsonTrouble.Of(Encoding.UTF8.GetBytes(document)));
}
