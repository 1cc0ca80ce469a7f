using System.Text;
using System.Text.RegularExpressions;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Filters;

/// <summary>
/// Reads one filter text:
/// <code>
/// selectors = selector { "," selector }
/// selector  = fieldpath [ ("==" | "!=" | "~=") value ]
/// fieldpath = field { "." field }
/// field     = quoted | { letter | digit | "-" | "_" }
/// value     = quoted | all up to a space or ","
/// </code>
/// </summary>
internal sealed class FilterParser
{
    private readonly byte[] _text;
    private readonly FilterScanner _scanner;

    public FilterParser(string text)
    {
        _text = Encoding.UTF8.GetBytes(text);
        _scanner = new FilterScanner(_text);
    }

    /// <exception cref="RpcException">InvalidArgument, in containerd's words.</exception>
    public Selector[] Parse()
    {
        List<Selector> selectors = [ReadSelector()];
        while (true)
        {
            int rune = _scanner.Peek();
            switch (rune)
            {
                case ',':
                    _scanner.Scan();
                    selectors.Add(ReadSelector());
                    break;
                case FilterScanner.End:
                    return [.. selectors];
                default:
                    throw Error(_scanner.Position, $"unexpected input: {(Rune.IsValid(rune) ? new Rune(rune) : Rune.ReplacementChar)}");
            }
        }
    }

    private Selector ReadSelector()
    {
        string[] path = ReadPath();
        if (_scanner.Peek() is ',' or FilterScanner.End)
        {
            return new Selector(path, FilterOperator.Present, "", null);
        }

        FilterOperator comparison = ReadOperator();
        bool isPattern = comparison == FilterOperator.Matches;
        int position = _scanner.Position;
        string value = ReadValue(isPattern);
        return new Selector(path, comparison, value, isPattern ? ReadPattern(value, position) : null);
    }

    private string[] ReadPath()
    {
        List<string> path = [ReadField()];
        while (_scanner.Peek() == '.')
        {
            _scanner.Scan();
            path.Add(ReadField());
        }

        return [.. path];
    }

    private string ReadField()
    {
        FilterToken token = _scanner.Scan();
        return token.Kind switch
        {
            TokenKind.Field => TextOf(token),
            TokenKind.Quoted => Unquote(token, false),
            TokenKind.Illegal => throw Error(token.Position, _scanner.Error),
            _ => throw Error(token.Position, "expected field or quoted"),
        };
    }

    private FilterOperator ReadOperator()
    {
        FilterToken token = _scanner.Scan();
        if (token.Kind == TokenKind.Illegal)
        {
            throw Error(token.Position, _scanner.Error);
        }

        if (token.Kind != TokenKind.Operator)
        {
            throw Error(token.Position, """expected an operator ("=="|"!="|"~=")""");
        }

        return TextOf(token) switch
        {
            "==" => FilterOperator.Equal,
            "!=" => FilterOperator.NotEqual,
            "~=" => FilterOperator.Matches,
            string other => throw Error(token.Position, $"unsupported operator \"{other}\""),
        };
    }

    private string ReadValue(bool isPattern)
    {
        FilterToken token = _scanner.Scan();
        return token.Kind switch
        {
            TokenKind.Value or TokenKind.Field => TextOf(token),
            TokenKind.Quoted => Unquote(token, isPattern),
            TokenKind.Illegal => throw Error(token.Position, _scanner.Error),
            _ => throw Error(token.Position, "expected value or quoted"),
        };
    }

    private Regex ReadPattern(string value, int position)
    {
        try
        {
            return GoRegex.Compile(value);
        }
        catch (ArgumentException e)
        {
            throw Error(position, $"the expression cannot be used: {e.Message}");
        }
    }

    private string Unquote(FilterToken token, bool isPattern)
    {
        ReadOnlySpan<byte> quoted = _text.AsSpan(token.Position, token.End - token.Position);
        if (!isPattern && quoted[0] != '"')
        {
            throw Error(token.Position, "invalid quote encountered");
        }

        return QuotedText.Read(quoted) ?? throw Error(token.Position, "unquoting failed: quote syntax error");
    }

    private string TextOf(FilterToken token) => Encoding.UTF8.GetString(_text, token.Position, token.End - token.Position);

    private RpcException Error(int position, string reason)
    {
        string place = position < _text.Length
            ? $"{Encoding.UTF8.GetString(_text, 0, position)} >|{Encoding.UTF8.GetString(_text, position, 1)}|< {Encoding.UTF8.GetString(_text.AsSpan(position + 1))}"
            : Encoding.UTF8.GetString(_text);
        return RpcException.InvalidArgument($"filters: parse error: [{place}]: {reason}: invalid argument");
    }
}
