// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Contexts;
using Grpc.Core;
using Kind = ClusterManager.Wire.V1.ErrorDetail.Types.Kind;

namespace ClusterManager.Cli.Bootstrap;

/// <summary>A manager's refusal of a join as the operator reads it.</summary>
internal static class JoinErrors
{
    /// <summary>The exception to throw.</summary>
    public static BootstrapException Translate(RpcException error, string address)
    {
        var detail = CallFailure.Detail(error);
        var fields = detail is null
            ? "" : string.Concat(detail.Fields.Select(field => $"\n  {field.Field} '{field.Value}': {field.Allowed}"));
        return detail?.Kind switch
        {
            Kind.NotPermitted => new BootstrapException(BootstrapException.NotPermitted,
                detail.Text + ". Make a new token with: cluster token create"),
            Kind.Conflict => new BootstrapException(BootstrapException.Conflict, detail.Text),
            Kind.Invalid => new BootstrapException(BootstrapException.BadInput, detail.Text + fields),
            Kind.Unavailable => new BootstrapException(BootstrapException.NoManager, detail.Text),
            _ => new BootstrapException(BootstrapException.NoManager,
                $"the manager at {address} did not answer the join: {error.Status.Detail}"),
        };
    }
}
