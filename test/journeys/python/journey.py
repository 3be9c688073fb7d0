"""What apps and scripts do with boto3. `journey.py NAME` runs one story against the bench at POOLBENCH_URL."""

import base64
import json
import os
import sys
import urllib.parse
import urllib.request

import boto3
from botocore.exceptions import ClientError
from srp import Exchange, device_verifier, totp

URL = os.environ["POOLBENCH_URL"]
PASSWORD = "Correct-Horse-9"


def service(name, **more):
    return boto3.client(name, endpoint_url=URL, region_name="us-east-1", **more)


idp = service("cognito-idp")


def code_to(address):
    query = urllib.parse.urlencode({"to": address})
    with urllib.request.urlopen(f"{URL}/_bench/messages?{query}") as answer:
        return json.load(answer)[0]["code"]


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return error.response["Error"]["Message"]
    raise AssertionError(f"expected {code}")


def make_app(name, **more):
    pool = idp.create_user_pool(PoolName=name, AutoVerifiedAttributes=["email"], **more)["UserPool"]["Id"]
    client = idp.create_user_pool_client(
        UserPoolId=pool,
        ClientName=name,
        ExplicitAuthFlows=[
            "ALLOW_USER_SRP_AUTH",
            "ALLOW_USER_PASSWORD_AUTH",
            "ALLOW_ADMIN_USER_PASSWORD_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH",
        ],
    )["UserPoolClient"]["ClientId"]
    return pool, client


def add_user(pool, name, **attributes):
    idp.admin_create_user(
        UserPoolId=pool,
        Username=name,
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()],
    )
    idp.admin_set_user_password(UserPoolId=pool, Username=name, Password=PASSWORD, Permanent=True)


def by_password(client, name, password=PASSWORD, **more):
    parameters = {"USERNAME": name, "PASSWORD": password, **more}
    return idp.initiate_auth(ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)


def respond(client, asked, **responses):
    return idp.respond_to_auth_challenge(
        ClientId=client,
        ChallengeName=asked["ChallengeName"],
        **({"Session": asked["Session"]} if "Session" in asked else {}),
        ChallengeResponses=responses,
    )


def by_srp(pool, client, name, password=PASSWORD, **more):
    exchange = Exchange()
    asked = idp.initiate_auth(
        ClientId=client,
        AuthFlow="USER_SRP_AUTH",
        AuthParameters={"USERNAME": name, "SRP_A": exchange.srp_a, **more},
    )
    assert asked["ChallengeName"] == "PASSWORD_VERIFIER", asked
    given = asked["ChallengeParameters"]
    user = given["USER_ID_FOR_SRP"]
    signature, timestamp = exchange.prove(
        pool.split("_")[1], user, password, given["SALT"], given["SRP_B"], given["SECRET_BLOCK"]
    )
    return respond(
        client,
        asked,
        USERNAME=user,
        PASSWORD_CLAIM_SECRET_BLOCK=given["SECRET_BLOCK"],
        PASSWORD_CLAIM_SIGNATURE=signature,
        TIMESTAMP=timestamp,
        **more,
    )


def sign_up():
    pool, client = make_app("sign-up")
    email = [{"Name": "email", "Value": "ann@example.test"}]
    answer = idp.sign_up(ClientId=client, Username="ann", Password=PASSWORD, UserAttributes=email)
    assert answer["CodeDeliveryDetails"]["AttributeName"] == "email"
    refused("UsernameExistsException", idp.sign_up, ClientId=client, Username="ann", Password=PASSWORD)
    refused("InvalidPasswordException", idp.sign_up, ClientId=client, Username="bob", Password="weakness")
    refused("UserNotConfirmedException", by_password, client=client, name="ann")
    code = code_to("ann@example.test")
    wrong = "000001" if code == "000000" else "000000"
    confirm = {"ClientId": client, "Username": "ann"}
    refused("CodeMismatchException", idp.confirm_sign_up, ConfirmationCode=wrong, **confirm)
    idp.confirm_sign_up(ConfirmationCode=code, **confirm)
    assert refused("NotAuthorizedException", by_password, client=client, name="ann", password="Wrong-Horse-9") == (
        "Incorrect username or password."
    )
    tokens = by_password(client, "ann")["AuthenticationResult"]
    user = idp.get_user(AccessToken=tokens["AccessToken"])
    assert user["Username"] == "ann" and {"Name": "email_verified", "Value": "true"} in user["UserAttributes"]
    refreshed = idp.initiate_auth(
        ClientId=client,
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]},
    )["AuthenticationResult"]
    assert "RefreshToken" not in refreshed
    idp.change_password(
        AccessToken=refreshed["AccessToken"], PreviousPassword=PASSWORD, ProposedPassword="Better-Horse-10"
    )
    idp.global_sign_out(AccessToken=tokens["AccessToken"])
    refused("NotAuthorizedException", idp.get_user, AccessToken=refreshed["AccessToken"])
    idp.forgot_password(ClientId=client, Username="ann")
    idp.confirm_forgot_password(ConfirmationCode=code_to("ann@example.test"), Password=PASSWORD, **confirm)
    by_password(client, "ann")


def administrators():
    pool, client = make_app("administrators")
    address = [{"Name": "email", "Value": "cid@example.test"}, {"Name": "email_verified", "Value": "true"}]
    made = idp.admin_create_user(
        UserPoolId=pool, Username="cid", UserAttributes=address, TemporaryPassword="Temporary-1"
    )["User"]
    assert made["UserStatus"] == "FORCE_CHANGE_PASSWORD" and made["Enabled"]
    asked = idp.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=client,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "cid", "PASSWORD": "Temporary-1"},
    )
    assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    idp.admin_respond_to_auth_challenge(
        UserPoolId=pool,
        ClientId=client,
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "cid", "NEW_PASSWORD": PASSWORD},
    )
    add_user(pool, "dan", email="dan@example.test")
    add_user(pool, "eve", email="eve@example.test")

    def names(**query):
        return {user["Username"] for user in idp.list_users(UserPoolId=pool, **query)["Users"]}

    assert names() == {"cid", "dan", "eve"}
    assert names(Filter='email = "dan@example.test"') == {"dan"}
    assert names(Filter='username ^= "c"') == {"cid"}
    assert names(Filter='cognito:user_status = "CONFIRMED"') == {"cid", "dan", "eve"}
    refused("InvalidParameterException", idp.list_users, UserPoolId=pool, Filter="email is dan")
    pages = idp.get_paginator("list_users").paginate(UserPoolId=pool, PaginationConfig={"PageSize": 2})
    assert [len(page["Users"]) for page in pages] == [2, 1]
    idp.create_group(UserPoolId=pool, GroupName="staff", Precedence=1)
    idp.admin_add_user_to_group(UserPoolId=pool, Username="dan", GroupName="staff")
    members = idp.list_users_in_group(UserPoolId=pool, GroupName="staff")["Users"]
    assert [member["Username"] for member in members] == ["dan"]
    idp.admin_disable_user(UserPoolId=pool, Username="dan")
    assert refused("NotAuthorizedException", by_password, client=client, name="dan") == "User is disabled."
    refused("UserNotFoundException", idp.admin_get_user, UserPoolId=pool, Username="nobody")
    refused("ResourceNotFoundException", idp.describe_user_pool, UserPoolId="us-east-1_Nowhere00")


def srp():
    pool, client = make_app("srp")
    add_user(pool, "fay", email="fay@example.test")
    tokens = by_srp(pool, client, "fay")["AuthenticationResult"]
    assert idp.get_user(AccessToken=tokens["AccessToken"])["Username"] == "fay"
    assert refused("NotAuthorizedException", by_srp, pool=pool, client=client, name="fay", password="Wrong-1-Horse") == (
        "Incorrect username or password."
    )
    refused("UserNotFoundException", by_srp, pool=pool, client=client, name="nobody")


def factors():
    pool, client = make_app("factors")
    idp.set_user_pool_mfa_config(
        UserPoolId=pool, MfaConfiguration="OPTIONAL", SoftwareTokenMfaConfiguration={"Enabled": True}
    )
    add_user(pool, "gil", email="gil@example.test")
    access = by_srp(pool, client, "gil")["AuthenticationResult"]["AccessToken"]
    secret = idp.associate_software_token(AccessToken=access)["SecretCode"]
    verified = idp.verify_software_token(AccessToken=access, UserCode=totp(secret), FriendlyDeviceName="token")
    assert verified["Status"] == "SUCCESS"
    idp.set_user_mfa_preference(
        AccessToken=access, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
    )
    asked = by_srp(pool, client, "gil")
    assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA", asked
    code = totp(secret, 1)
    wrong = "000001" if code == "000000" else "000000"
    refused(
        "CodeMismatchException",
        idp.respond_to_auth_challenge,
        ClientId=client,
        ChallengeName="SOFTWARE_TOKEN_MFA",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "gil", "SOFTWARE_TOKEN_MFA_CODE": wrong},
    )
    assert "AccessToken" in respond(client, asked, USERNAME="gil", SOFTWARE_TOKEN_MFA_CODE=code)["AuthenticationResult"]
    assert idp.admin_get_user(UserPoolId=pool, Username="gil")["UserMFASettingList"] == ["SOFTWARE_TOKEN_MFA"]


def devices():
    pool, client = make_app(
        "devices",
        DeviceConfiguration={"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False},
    )
    idp.set_user_pool_mfa_config(
        UserPoolId=pool, MfaConfiguration="OPTIONAL", SoftwareTokenMfaConfiguration={"Enabled": True}
    )
    add_user(pool, "hal")
    result = by_srp(pool, client, "hal")["AuthenticationResult"]
    access, metadata = result["AccessToken"], result["NewDeviceMetadata"]
    key, group = metadata["DeviceKey"], metadata["DeviceGroupKey"]
    secret = base64.b64encode(os.urandom(40)).decode()
    idp.confirm_device(
        AccessToken=access,
        DeviceKey=key,
        DeviceName="laptop",
        DeviceSecretVerifierConfig=device_verifier(group, key, secret),
    )
    token = idp.associate_software_token(AccessToken=access)["SecretCode"]
    idp.verify_software_token(AccessToken=access, UserCode=totp(token))
    idp.set_user_mfa_preference(
        AccessToken=access, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
    )
    assert by_srp(pool, client, "hal")["ChallengeName"] == "SOFTWARE_TOKEN_MFA"

    asked = by_srp(pool, client, "hal", DEVICE_KEY=key)
    assert asked["ChallengeName"] == "DEVICE_SRP_AUTH", asked
    exchange = Exchange()
    asked = respond(client, asked, USERNAME="hal", DEVICE_KEY=key, SRP_A=exchange.srp_a)
    assert asked["ChallengeName"] == "DEVICE_PASSWORD_VERIFIER"
    given = asked["ChallengeParameters"]
    signature, timestamp = exchange.prove(group, key, secret, given["SALT"], given["SRP_B"], given["SECRET_BLOCK"])
    signed_in = respond(
        client,
        asked,
        USERNAME="hal",
        DEVICE_KEY=key,
        PASSWORD_CLAIM_SECRET_BLOCK=given["SECRET_BLOCK"],
        PASSWORD_CLAIM_SIGNATURE=signature,
        TIMESTAMP=timestamp,
    )["AuthenticationResult"]
    listed = idp.list_devices(AccessToken=signed_in["AccessToken"])["Devices"]
    assert [device["DeviceKey"] for device in listed] == [key]
    idp.update_device_status(AccessToken=access, DeviceKey=key, DeviceRememberedStatus="not_remembered")
    attributes = idp.get_device(AccessToken=access, DeviceKey=key)["Device"]["DeviceAttributes"]
    assert {"Name": "device_name", "Value": "laptop"} in attributes
    idp.forget_device(AccessToken=access, DeviceKey=key)
    refused("ResourceNotFoundException", idp.get_device, AccessToken=access, DeviceKey=key)
    assert idp.admin_list_devices(UserPoolId=pool, Username="hal")["Devices"] == []


def sync():
    pool, client = make_app("sync")
    add_user(pool, "ida")
    provider = f"cognito-idp.us-east-1.amazonaws.com/{pool}"
    identities = service("cognito-identity")
    identity_pool = identities.create_identity_pool(
        IdentityPoolName="sync",
        AllowUnauthenticatedIdentities=False,
        CognitoIdentityProviders=[{"ProviderName": provider, "ClientId": client}],
    )["IdentityPoolId"]
    identities.set_identity_pool_roles(
        IdentityPoolId=identity_pool, Roles={"authenticated": "arn:aws:iam::000000000000:role/user"}
    )
    refused("NotAuthorizedException", identities.get_id, IdentityPoolId=identity_pool)
    logins = {provider: by_password(client, "ida")["AuthenticationResult"]["IdToken"]}
    identity = identities.get_id(IdentityPoolId=identity_pool, Logins=logins)["IdentityId"]
    given = identities.get_credentials_for_identity(IdentityId=identity, Logins=logins)["Credentials"]
    own = {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretKey"],
        "aws_session_token": given["SessionToken"],
    }
    caller = service("sts", **own).get_caller_identity()
    assert caller["Arn"].startswith("arn:aws:sts::000000000000:assumed-role/user/"), caller

    data = service("cognito-sync", **own)
    place = {"IdentityPoolId": identity_pool, "IdentityId": identity, "DatasetName": "game"}
    listed = data.list_records(**place)
    assert listed["Records"] == [] and listed["DatasetSyncCount"] == 0
    patch = {"Op": "replace", "Key": "level", "Value": "7", "SyncCount": 0}
    data.update_records(RecordPatches=[patch], SyncSessionToken=listed["SyncSessionToken"], **place)
    listed = data.list_records(**place)
    assert [(record["Key"], record["Value"]) for record in listed["Records"]] == [("level", "7")]
    refused(
        "ResourceConflictException",
        data.update_records,
        RecordPatches=[patch],
        SyncSessionToken=listed["SyncSessionToken"],
        **place,
    )
    datasets = data.list_datasets(IdentityPoolId=identity_pool, IdentityId=identity)["Datasets"]
    assert [(dataset["DatasetName"], dataset["NumRecords"]) for dataset in datasets] == [("game", 1)]
    data.delete_dataset(**place)


STORIES = {story.__name__: story for story in (sign_up, administrators, srp, factors, devices, sync)}

if __name__ == "__main__":
    STORIES[sys.argv[1]]()
    print(json.dumps({"story": sys.argv[1], "done": True}))
