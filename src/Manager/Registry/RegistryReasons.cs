// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;
using ClusterManager.Registry;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Registry;

/// <summary>A registry's failures as reasons with a sentence for the operator. Pure.</summary>
internal static class RegistryReasons
{
    private const int TextLengthMax = 512;

    /// <summary>The reason.</summary>
    public static V1.Reason Of(RegistryException error)
    {
        var code = error.Kind switch
        {
            RegistryErrorKind.NotFound => ReasonCode.ImageNotFound,
            RegistryErrorKind.Refused => ReasonCode.RegistryDenied,
            _ => ReasonCode.RegistryUnreachable,
        };
        var wait = error.RetryAfter is { } delay ? $"; it wants to be left alone for {Math.Ceiling(delay.TotalSeconds):0} s" : "";
        var text = error.Message + wait;
        return new V1.Reason { Code = (int)code, Text = text.Length <= TextLengthMax ? text : text[..TextLengthMax] };
    }
}
