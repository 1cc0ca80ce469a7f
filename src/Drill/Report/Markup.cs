using System.Globalization;
using System.Text;

namespace ShimStack.Drill.Report;

/// <summary>
/// Writes elements: XML that is also HTML. Whatever comes from outside is escaped, and what XML cannot carry at all is replaced.
/// </summary>
internal sealed class Markup
{
    private readonly StringBuilder _text = new();
    private readonly Stack<string> _open = [];

    /// <summary>Opens an element. Attributes are name and value in turns.</summary>
    public Markup Open(string name, params ReadOnlySpan<string> attributes)
    {
        Tag(name, attributes);
        _text.Append('>');
        _open.Push(name);
        return this;
    }

    public Markup Close()
    {
        _text.Append("</").Append(_open.Pop()).Append(">\n");
        return this;
    }

    /// <summary>An element with nothing but text in it.</summary>
    public Markup Element(string name, string text, params ReadOnlySpan<string> attributes)
    {
        Open(name, attributes);
        Text(text);
        return Close();
    }

    public Markup Empty(string name, params ReadOnlySpan<string> attributes)
    {
        Tag(name, attributes);
        _text.Append("/>\n");
        return this;
    }

    public Markup Text(string text)
    {
        foreach (char letter in text)
        {
            _ = letter switch
            {
                '&' => _text.Append("&amp;"),
                '<' => _text.Append("&lt;"),
                '>' => _text.Append("&gt;"),
                '"' => _text.Append("&quot;"),
                '\n' or '\t' or (>= ' ' and < '\ufffe' and (< '\ud800' or > '\udfff')) => _text.Append(letter),
                _ => _text.Append('\ufffd'),
            };
        }

        return this;
    }

    /// <summary>Something that is markup already.</summary>
    public Markup Raw(string text)
    {
        _text.Append(text);
        return this;
    }

    public static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    public override string ToString() => _text.ToString();

    private void Tag(string name, ReadOnlySpan<string> attributes)
    {
        _text.Append('<').Append(name);
        for (int i = 0; i < attributes.Length; i += 2)
        {
            _text.Append(' ').Append(attributes[i]).Append("=\"");
            Text(attributes[i + 1]);
            _text.Append('"');
        }
    }
}
