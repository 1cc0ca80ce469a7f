using System.Text;

namespace ShimStack.Ctl.Manual;

/// <summary>Text in the language of manual pages. See groff_man(7).</summary>
internal sealed class Roff
{
    private readonly StringBuilder _text = new();

    /// <summary>The first line of a page. It has no date, so that a build can be made again, bit for bit.</summary>
    public Roff Title(string name, int section, string source) => Line($".TH {name.ToUpperInvariant()} {section} \"\" \"{source}\" \"ShimStack\"");

    public Roff Section(string name) => Line($".SH {name}");

    public Roff Paragraph(string text) => Line(".PP").Line(Plain(text));

    /// <summary>A term, which may be of several styles, and what it means.</summary>
    public Roff Item(string styled, string meaning) => Line(".TP").Line(styled).Line(Plain(meaning));

    public Roff Line(string line)
    {
        _text.Append(line).Append('\n');
        return this;
    }

    public override string ToString() => _text.ToString();

    public static string Bold(string text) => $@"\fB{Escape(text)}\fR";

    public static string Italic(string text) => $@"\fI{Escape(text)}\fR";

    /// <summary>A line of text, which may begin with what would be a request.</summary>
    public static string Plain(string text) => text.Length > 0 && text[0] is '.' or '\'' ? @"\&" + Escape(text) : Escape(text);

    // A hyphen may be broken at, and is not what is typed for an option.
    public static string Escape(string text) => text.Replace(@"\", @"\e", StringComparison.Ordinal).Replace("-", @"\-", StringComparison.Ordinal);
}
