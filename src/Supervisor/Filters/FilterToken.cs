namespace ShimStack.Supervisor.Filters;

/// <summary>What a piece of a filter is.</summary>
internal enum TokenKind
{
    End,
    Quoted,
    Value,
    Field,
    Separator,
    Operator,
    Illegal,
    Unexpected,
}

/// <summary>A piece of a filter.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Position">Index of its first byte in the UTF-8 text, as containerd counts.</param>
/// <param name="End">Index of the byte behind it.</param>
internal readonly record struct FilterToken(TokenKind Kind, int Position, int End);
