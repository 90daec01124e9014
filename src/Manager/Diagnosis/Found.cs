// SPDX-License-Identifier: Apache-2.0
using V1 = ClusterManager.Wire.V1;
using Severity = ClusterManager.Wire.V1.Finding.Types.Severity;

namespace ClusterManager.Manager.Diagnosis;

/// <summary>Makes findings. Pure.</summary>
internal static class Found
{
    /// <summary>As it should be.</summary>
    public static V1.Finding Ok(string check, string node, string value) =>
        new() { Severity = Severity.Ok, Check = check, Node = node, Value = value };

    /// <summary>Could be better.</summary>
    public static V1.Finding Hint(string check, string node, string value, string expected, string remedy) =>
        new() { Severity = Severity.Hint, Check = check, Node = node, Value = value, Expected = expected, Remedy = remedy };

    /// <summary>Hurts, or will.</summary>
    public static V1.Finding Alarm(string check, string node, string value, string expected, string remedy) =>
        new() { Severity = Severity.Alarm, Check = check, Node = node, Value = value, Expected = expected, Remedy = remedy };
}
