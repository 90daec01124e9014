// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>One thing wrong with an input: the field, the value as given, and what is allowed.</summary>
/// <param name="Field">Path of the field, for example <c>ports[0].target</c>.</param>
/// <param name="Value">The value as given, shortened to 200 characters.</param>
/// <param name="Allowed">What is allowed, as half a sentence.</param>
public sealed record FieldError(string Field, string Value, string Allowed)
{
    /// <summary><c>field 'value': allowed</c>.</summary>
    public override string ToString() => $"{Field} '{Value}': {Allowed}";
}
