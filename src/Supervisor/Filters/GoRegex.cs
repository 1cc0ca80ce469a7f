using System.Text.RegularExpressions;

namespace ShimStack.Supervisor.Filters;

/// <summary>
/// Expressions in the syntax of Go (RE2), run by .NET's engine that does not backtrack: a match takes time linear in the input, whatever the
/// expression. What RE2 has and .NET writes in another way is written so; what .NET has and RE2 has not, fails there too.
/// </summary>
internal static class GoRegex
{
    private const int MaxLength = 1000; // an automaton is built of it: RE2 limits its size as well

    /// <exception cref="ArgumentException">It is no expression of RE2, or too large.</exception>
    public static Regex Compile(string expression)
    {
        if (expression.Length > MaxLength)
        {
            throw new ArgumentException($"it is longer than {MaxLength} characters");
        }

        try
        {
            return new Regex(new GoRegexTranslation(expression).Run(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException e)
        {
            throw new ArgumentException(e.Message, e);
        }
    }
}
