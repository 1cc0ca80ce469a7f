using System.Text.RegularExpressions;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Filters;

/// <summary>What an object has at a field path, for instance "labels", "a.b/c"; null if it has nothing there.</summary>
internal delegate string? FieldOf(ReadOnlySpan<string> path);

/// <summary>
/// containerd's filter language: each text is a list of selectors that must all match, an object is taken if any text matches it, and no text
/// at all takes everything.
/// </summary>
internal sealed class Filter
{
    /// <summary>Takes everything.</summary>
    public static readonly Filter All = new([]);

    private readonly Selector[][] _alternatives;

    private Filter(Selector[][] alternatives) => _alternatives = alternatives;

    /// <summary>Whether it takes everything, so that nobody needs to look at the fields.</summary>
    public bool TakesAll => _alternatives.Length == 0;

    /// <exception cref="RpcException">InvalidArgument: one does not parse; the message names the text and the place.</exception>
    public static Filter Parse(IReadOnlyList<string> texts)
    {
        Selector[][] alternatives = new Selector[texts.Count][];
        bool takesAll = texts.Count == 0;
        for (int i = 0; i < alternatives.Length; i++)
        {
            alternatives[i] = texts[i].Length == 0 ? [] : new FilterParser(texts[i]).Parse();
            takesAll |= alternatives[i].Length == 0;
        }

        return takesAll ? All : new Filter(alternatives);
    }

    /// <summary>Whether the object with these fields is taken.</summary>
    public bool Matches(FieldOf fields)
    {
        foreach (Selector[] selectors in _alternatives)
        {
            if (MatchesAll(selectors, fields))
            {
                return true;
            }
        }

        return TakesAll;
    }

    private static bool MatchesAll(Selector[] selectors, FieldOf fields)
    {
        foreach (Selector selector in selectors)
        {
            if (!selector.Matches(fields(selector.Path)))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>How a selector compares.</summary>
internal enum FilterOperator
{
    Present,
    Equal,
    NotEqual,
    Matches,
}

/// <summary>One comparison of a filter.</summary>
/// <param name="Path">The field.</param>
/// <param name="Operator">How it is compared.</param>
/// <param name="Value">With what; empty for <see cref="FilterOperator.Present"/>.</param>
/// <param name="Pattern">The value as an expression, for <see cref="FilterOperator.Matches"/>.</param>
internal sealed record Selector(string[] Path, FilterOperator Operator, string Value, Regex? Pattern)
{
    /// <summary>Compares. A field that is not there is, as in containerd, an empty one to all but "present" and "==".</summary>
    public bool Matches(string? field) => Operator switch
    {
        FilterOperator.Present => field is not null,
        FilterOperator.Equal => field is not null && field == Value,
        FilterOperator.NotEqual => (field ?? "") != Value,
        _ => Pattern!.IsMatch(field ?? ""),
    };
}
