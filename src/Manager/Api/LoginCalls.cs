// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Credentials;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Registry;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api;

/// <summary>Credentials of registries: what comes in is sealed before anything else sees it, and nothing of it goes out.</summary>
internal static class LoginCalls
{
    private const int PasswordLengthMax = 16 * 1024;
    private const int UsernameLengthMax = 256;

    public static async Task<V1.LoginStatus> PutAsync(
        LeaderTerm term, V1.PutLoginRequest request, CredentialDesk desk, DateTimeOffset now, ServerCallContext context)
    {
        var origin = Mutations.Origin(context, request.RequestId);
        Check(request);
        var login = new RegistryLoginRecord
        {
            Registry = request.Registry, Username = request.Username, Helper = request.Helper, CreatedAt = now, CreatedBy = origin.Actor,
            Sealed = request.Helper.Length > 0 ? ReadOnlyMemory<byte>.Empty : desk.Seal(request.Registry, new Secret(request.Password)),
        };
        await Mutations.SubmitAsync(term, ticket => new ClusterEvent.PutLogin(ticket, origin, login), context.CancellationToken);
        return Status(login);
    }

    public static async Task<V1.RemoveLoginResponse> RemoveAsync(
        LeaderTerm term, V1.RemoveLoginRequest request, ServerCallContext context)
    {
        var origin = Mutations.Origin(context, request.RequestId);
        await Mutations.SubmitAsync(
            term, ticket => new ClusterEvent.RemoveLogin(ticket, origin, request.Registry), context.CancellationToken);
        return new V1.RemoveLoginResponse();
    }

    public static V1.LoginList List(ClusterState state)
    {
        var list = new V1.LoginList();
        list.Logins.AddRange(state.Logins.Values.Select(Status));
        return list;
    }

    // All that is wrong at once; what might be a password is not repeated.
    private static void Check(V1.PutLoginRequest request)
    {
        var errors = new List<FieldError>();
        if (!ImageName.TryParse($"{request.Registry}/x", out var image) || image.Registry != request.Registry)
            errors.Add(new FieldError("registry", request.Registry, "a host as images name it, like registry.lab:5000"));
        if (request.Helper.Length > 0)
        {
            if (!HelperRunner.IsName(request.Helper))
                errors.Add(new FieldError("helper", request.Helper, "a file's name in credential-helpers: letters, digits, '-', '_', '.'"));
            if (request.Username.Length > 0 || request.Password.Length > 0)
                errors.Add(new FieldError("username", request.Username, "nothing: the helper says it"));
        }
        else
        {
            if (request.Username.Length is 0 or > UsernameLengthMax || request.Username.Any(c => c == ':' || char.IsControl(c)))
                errors.Add(new FieldError("username", request.Username, $"1 to {UsernameLengthMax} characters, without a colon"));
            if (request.Password.Length is 0 or > PasswordLengthMax)
                errors.Add(new FieldError("password", "***", $"1 to {PasswordLengthMax} characters"));
        }

        if (errors.Count > 0) throw ApiErrors.Invalid([.. errors]);
    }

    private static V1.LoginStatus Status(RegistryLoginRecord login) => new()
    {
        Registry = login.Registry, Username = login.Username, Helper = login.Helper, CreatedBy = login.CreatedBy,
        CreatedUnixMs = login.CreatedAt.ToUnixTimeMilliseconds(),
    };
}
